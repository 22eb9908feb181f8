import { readFile } from 'node:fs/promises';

/** A secret, or the file that holds it. */
export type SecretSource = { readonly text: string } | { readonly path: string };

export async function readSecret(source: SecretSource): Promise<string> {
  return 'text' in source ? source.text : (await readFile(source.path, 'utf8')).trim();
}
