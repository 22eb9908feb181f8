// A hook for Node's module loader: stand-ins for what only works elsewhere, and modules that can be loaded again.

const standIns = {
  '@jest/globals': new URL('jest-globals.js', import.meta.url).href,
  '../support/attack.ts': new URL('attack-in-thread.ts', import.meta.url).href,
};

/** What is imported from a module with `?generation=…` is of that generation too; packages are loaded once. */
export async function resolve(specifier, context, next) {
  const found = await next(standIns[specifier] ?? specifier, context);
  const generation = /[?&]generation=\d+\.ts$/.exec(context.parentURL ?? '')?.[0].slice(1);
  const isOurs = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
  if (generation === undefined || !isOurs || found.url.includes(generation)) return found;
  return { ...found, url: `${found.url}${found.url.includes('?') ? '&' : '?'}${generation}` };
}
