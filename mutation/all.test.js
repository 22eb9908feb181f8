import { readdirSync } from 'node:fs';

// One file for the runner: what every test file loads (JSON-LD, proofs) is loaded once for each mutant, not thirty times.
const folders = ['unit/credentials', 'unit/shared', 'security'];
/** Those that run the code in question in their own thread, or can (attack-in-thread.ts): a mutant reaches no other. */
const wanted = /^(?:unit\/.*|security\/(?:verify-.*|T(?:08|09|10|12|13|14|15|19)-.*))\.test\.ts$/;

const { it } = globalThis;
/** Pages need a server. */
globalThis.it = Object.assign((name, ...rest) => {
  if (!name.includes('the page')) it(name, ...rest);
}, it);

for (const folder of folders) {
  for (const name of readdirSync(new URL(`../test/${folder}`, import.meta.url))) {
    if (wanted.test(`${folder}/${name}`)) await import(`../test/${folder}/${name}`);
  }
}
