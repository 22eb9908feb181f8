import { readFileSync } from 'node:fs';

const root = new URL('../..', import.meta.url);
const { jest } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

export default {
  ...jest,
  rootDir: root.pathname,
  roots: ['<rootDir>/test/chaos'],
  testMatch: ['**/*.chaos.ts'],
  testTimeout: 4 * 60 * 60 * 1_000,
  maxWorkers: 1,
};
