import { readdirSync } from 'node:fs';

// One file for the runner: what every test file loads (JSON-LD, proofs) is loaded once for each mutant, not thirty times.
const folders = ['unit/credentials', 'unit/shared', 'security', 'conformance'];
/** Those that run the code in question in their own thread, which is the only one that a mutant reaches, and quickly. */
const wanted = /^(?:unit\/.*|security\/verify-.*)\.test\.ts$/;

for (const folder of folders) {
  for (const name of readdirSync(new URL(`../test/${folder}`, import.meta.url))) {
    if (wanted.test(`${folder}/${name}`)) await import(`../test/${folder}/${name}`);
  }
}
