import { Problem } from '../../src/credentials/verify/problem.ts';

/** `passes`, or check, verdict and code of the Problem that it ends with. */
export async function problemOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'passes';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${error.check} ${error.verdict} ${error.code}`;
  }
}
