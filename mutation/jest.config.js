import { readFileSync } from 'node:fs';

const { jest } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export default {
  ...jest,
  rootDir: new URL('..', import.meta.url).pathname,
  roots: ['<rootDir>/mutation'],
  testMatch: ['**/all.test.js'],
  moduleNameMapper: { '^\\.\\./support/attack\\.ts$': '<rootDir>/mutation/attack-in-thread.ts' },
};
