import { readFileSync } from 'node:fs';
import {
  loadContexts,
  withDocuments,
  type ContextEntry,
} from '../../../src/credentials/documents.ts';

const manifest = JSON.parse(
  readFileSync(new URL('../../../contexts/manifest.json', import.meta.url), 'utf8'),
) as ContextEntry[];

describe('the closed document loader', () => {
  it('hands out every context of the manifest, frozen', async () => {
    const loader = loadContexts();
    for (const { url } of manifest) {
      const { documentUrl, document } = await loader(url);
      expect(documentUrl).toBe(url);
      expect(document).toHaveProperty('@context');
      expect(Object.isFrozen((document as { '@context': unknown })['@context'])).toBe(true);
    }
  });

  it.each(['https://purl.imsglobal.org/spec/clr/v2p0/context.json', 'https://example.com/', ''])(
    'refuses %j',
    async (url) => {
      await expect(loadContexts()(url)).rejects.toMatchObject({ code: 'context.not_allowed' });
    },
  );

  it('stops when a context is not the pinned one, and says which', () => {
    const wrong = '0'.repeat(64);
    const changed = manifest.map((entry) => ({ ...entry, sha256: wrong }));
    expect(() => loadContexts(changed)).toThrow(
      `Context https://www.w3.org/ns/credentials/v2 was changed: expected sha256 ${wrong}, got b463c8d6`,
    );
  });

  it('stops when a package does not carry the context', () => {
    const entry = { url: 'https://example.com/v1', package: 'did-context', sha256: '' };
    expect(() => loadContexts([entry])).toThrow('https://example.com/v1 is not in the package');
  });

  it('takes more documents for one verification, which cannot replace a context', async () => {
    const v2 = 'https://www.w3.org/ns/credentials/v2';
    const did = 'did:web:school.example';
    const loader = loadContexts();
    const extended = withDocuments(
      loader,
      new Map([
        [did, { id: did }],
        [v2, { '@context': {} }],
      ]),
    );
    expect((await extended(did)).document).toEqual({ id: did });
    expect((await extended(v2)).document).toBe((await loader(v2)).document);
    await expect(extended('did:web:other.example')).rejects.toMatchObject({
      code: 'context.not_allowed',
    });
    await expect(loader(did)).rejects.toMatchObject({ code: 'context.not_allowed' });
  });
});
