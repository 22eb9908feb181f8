import { cryptosuite } from '../../context-cache.ts';
import type { DocumentLoader } from '../../documents.ts';

interface Options {
  readonly documentLoader?: DocumentLoader;
  /** SHA-384 for keys of P-384; otherwise SHA-256. */
  readonly messageDigestAlgorithm?: string;
}

/**
 * Graphs can be built so that naming their nodes takes for ever (RDFC-1.0 §7.1). Honest badges need next to no
 * work; those that repeat a node without an id need a little more, so there is one second try within the time.
 */
export async function canonize(
  input: object,
  { documentLoader, messageDigestAlgorithm }: Options,
): Promise<string> {
  const signal = AbortSignal.timeout(500);
  const bounds = { documentLoader, messageDigestAlgorithm, signal, safe: true, base: null };
  try {
    return await cryptosuite.canonize(input, { ...bounds, maxWorkFactor: 1 });
  } catch (error) {
    if (!isTooMuchWork(error)) throw error;
    return cryptosuite.canonize(input, { ...bounds, maxWorkFactor: 2 });
  }
}

export function isTooMuchWork(error: unknown): boolean {
  return error instanceof Error && /deep iterations|abort/i.test(`${error.name} ${error.message}`);
}
