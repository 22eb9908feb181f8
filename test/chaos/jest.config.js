import { readFileSync } from 'node:fs';

const root = new URL('../..', import.meta.url);
const { jest } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
// One after the other in this process; what they look at runs in processes of its own.
delete jest.workerIdleMemoryLimit;

export default {
  ...jest,
  rootDir: root.pathname,
  roots: ['<rootDir>/test/chaos'],
  testMatch: ['**/*.chaos.ts'],
  // The short form is part of CI, where a hang must not hold everything for hours.
  testTimeout: (process.env.CHAOS === 'long' ? 240 : 15) * 60 * 1_000,
  maxWorkers: 1,
};
