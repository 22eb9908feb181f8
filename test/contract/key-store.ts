import { createPublicKey, verify } from 'node:crypto';
import type { KeyStore, SigningKeys } from '../../src/credentials/keys/key-store.ts';
import type { KeyKind, SigningKey } from '../../src/domain/keys.ts';

interface Setting {
  readonly store: KeyStore;
  readonly keys: SigningKeys;
}

const school = '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1';
const otherSchool = '9a3c2c1d-0d35-4d0a-8a6e-55ad93f5ad02';
const data = Buffer.from('what is signed');

function isSignedBy(key: SigningKey, signature: Uint8Array, signed: Uint8Array = data): boolean {
  const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' });
  return verify(key.kind === 'Ed25519' ? null : 'sha256', signed, publicKey, signature);
}

/** What every key store promises, wherever it keeps its private keys. */
export function keyStoreContract(name: string, createSetting: () => Promise<Setting>): void {
  describe(`key store: ${name}`, () => {
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
