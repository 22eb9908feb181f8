// Where the sources run as they are (tests, development): a new thread knows no TypeScript until it is told.
import { register } from 'tsx/esm/api';

register();
await import('./signer-worker.ts');
