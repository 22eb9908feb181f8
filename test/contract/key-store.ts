import { createPublicKey, verify } from 'node:crypto';
import type { KeyDriver } from '../../src/credentials/keys/driver.ts';
import type { KeyKind, SigningKey } from '../../src/domain/keys.ts';
import { createKeyStoreOn } from '../support/keys.ts';

const school = '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1';
const otherSchool = '9a3c2c1d-0d35-4d0a-8a6e-55ad93f5ad02';
const data = Buffer.from('what is signed');

function isSignedBy(key: SigningKey, signature: Uint8Array, signed: Uint8Array = data): boolean {
  const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' });
  return verify(key.kind === 'Ed25519' ? null : 'sha256', signed, publicKey, signature);
}

/** What a key store promises, whichever driver keeps its private keys. */
export function describeKeyStore(createDriver: () => Promise<KeyDriver>): void {
  describe('a key store', () => {
    const createSetting = async () => createKeyStoreOn(await createDriver());

    describe.each<KeyKind>(['Ed25519', 'RS256'])('%s', (kind) => {
      it('makes keys that sign, the same bytes each time', async () => {
        const { store } = await createSetting();
        const key = await store.create(school, kind);
        const signer = await store.signer(key);
        const signature = await signer.sign(data);
        expect(isSignedBy(key, signature)).toBe(true);
        expect(isSignedBy(key, signature, Buffer.from('what is not'))).toBe(false);
        expect(Buffer.from(await signer.sign(data)).equals(signature)).toBe(true);
      });

      it('keeps what it makes: a stored key signs like the new one', async () => {
        const { store, keys } = await createSetting();
        const key = await store.create(school, kind);
        const stored = await keys.find(key.id);
        expect(stored).toEqual(key);
        expect(await keys.list(school)).toEqual([key]);
        expect(await keys.list(otherSchool)).toEqual([]);
        const signer = await store.signer(JSON.parse(JSON.stringify(stored)) as SigningKey);
        expect(isSignedBy(key, await signer.sign(data))).toBe(true);
      });

      it('finds the newest active key of the organization', async () => {
        const { store } = await createSetting();
        expect(await store.findCurrent(school, kind)).toBeUndefined();
        await store.create(school, kind);
        const newest = await store.create(school, kind);
        await store.create(school, kind === 'RS256' ? 'Ed25519' : 'RS256');
        await store.create(otherSchool, kind);
        expect((await store.findCurrent(school, kind))?.id).toBe(newest.id);
      });

      it('signs whatever it is given: nothing at all, and a quarter of a megabyte', async () => {
        const { store } = await createSetting();
        const key = await store.create(school, kind);
        const signer = await store.signer(key);
        for (const size of [0, 250_000]) {
          const bytes = Buffer.alloc(size, 7);
          expect(isSignedBy(key, await signer.sign(bytes), bytes)).toBe(true);
        }
      });

      it('signs for many at once, each their own', async () => {
        const { store } = await createSetting();
        const all = await Promise.all(Array.from({ length: 2 }, () => store.create(school, kind)));
        await Promise.all(
          Array.from({ length: 40 }, async (_, n) => {
            const key = all[n % all.length];
            if (key === undefined) throw new Error('no key');
            const bytes = Buffer.from(`document ${n}`);
            const signature = await (await store.signer(key)).sign(bytes);
            expect(isSignedBy(key, signature, bytes)).toBe(true);
          }),
        );
      });

      it('does not sign for a public key that is not its own', async () => {
        const { store } = await createSetting();
        const [key, other] = [await store.create(school, kind), await store.create(school, kind)];
        const { id, publicJwk } = other;
        await expect(store.signer({ ...key, publicJwk })).rejects.toMatchObject({
          code: 'key.mismatch',
        });
        const moved = await store.signer({ ...key, id, publicJwk });
        await expect(moved.sign(data)).rejects.toMatchObject({
          code: expect.stringMatching(/^key\.(unreadable|wrong_signature)$/) as unknown,
        });
      });

      it('names every key differently', async () => {
        const { store } = await createSetting();
        const ids = [await store.create(school, kind), await store.create(school, kind)].map(
          ({ id }) => id,
        );
        expect(new Set(ids).size).toBe(2);
        for (const id of ids) expect(id).toMatch(/^[\w-]{43}$/);
      });

      it('signs nothing with a compromised key', async () => {
        const { store } = await createSetting();
        const key = await store.create(school, kind);
        await expect(store.signer({ ...key, state: 'compromised' })).rejects.toMatchObject({
          code: 'key.compromised',
        });
      });

      it('goes on signing with a retired key what was promised before', async () => {
        const { store } = await createSetting();
        const key = await store.create(school, kind);
        const signer = await store.signer({ ...key, state: 'retired' });
        expect(isSignedBy(key, await signer.sign(data))).toBe(true);
      });
    });
  });
}
