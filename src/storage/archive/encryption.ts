import { ReadableStream as NodeStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { damaged, wrongPassphrase } from './errors.ts';

/** 128 MB for whoever tries a passphrase (OWASP's least for scrypt), and for us once. */
const scryptWorkFactor = 17;

/** What every file of age begins with. */
export const magic = 'age-encryption.org/v1\n';

export async function* encrypt(
  content: AsyncIterable<Uint8Array>,
  passphrase: string,
): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(scryptWorkFactor);
  yield* chunksOf(await encrypter.encrypt(streamOf(content)));
}

/** No changed byte comes out, and that the end is missing shows at the end. */
export async function* decrypt(
  content: AsyncIterable<Uint8Array>,
  passphrase: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const opened = await decrypter.decrypt(streamOf(content)).catch((error: unknown) => {
    const isOther = error instanceof Error && error.message.startsWith('no identity matched');
    throw isOther ? wrongPassphrase() : damaged(error);
  });
  yield* chunksOf(opened);
}

// Node's web streams are the global ones; their types are two.
const streamOf = (content: AsyncIterable<Uint8Array>) =>
  NodeStream.from(content) as unknown as ReadableStream<Uint8Array>;
const chunksOf = (stream: ReadableStream<Uint8Array>) =>
  stream as unknown as AsyncIterable<Uint8Array>;
