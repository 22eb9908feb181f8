const batchDocuments = 1_000;
const batchBytes = 1_048_576;

/** As many documents as are well handled at once: a megabyte, or one that is larger. */
export async function* inBatches(
  documents: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for await (const document of documents) {
    const isFull = batch.length >= batchDocuments || bytes + document.byteLength > batchBytes;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(document);
    bytes += document.byteLength;
  }
  if (batch.length > 0) yield batch;
}
