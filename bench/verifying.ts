import { createBitstring } from '../src/credentials/status/bitstring.ts';
import { parseStatusEntries, type StatusEntry } from '../src/credentials/status/entry.ts';
import { buildStatusListCredential } from '../src/credentials/status/list-credential.ts';
import { signDataIntegrity } from '../src/credentials/sign/data-integrity.ts';
import type { StatusPurpose } from '../src/domain/status.ts';
import { createVerifyEngine } from '../src/credentials/verify/engine/engine.ts';
import { verifyCredential, type VerificationResult } from '../src/credentials/verify/verify.ts';
import {
  documentLoader,
  makeBadge,
  makeRaw,
  makeStock,
  school,
  urls,
  verificationMethodId,
} from './badge.ts';
import { atMost, perSecond, show, sideBySide, type Subject } from './harness.ts';
import { createIssuer } from '../test/support/issuer.ts';

const now = new Date('2026-12-01T00:00:00Z');

/** A verifier that finds the issuer's documents at hand: the network is not measured. */
async function makeVerifier() {
  const badge = await makeBadge();
  const signer = badge.signers.dataIntegrity;
  const verificationMethod = verificationMethodId(urls, signer.key);
  const options = { signer, verificationMethod, created: now, documentLoader };
  const signList = async ({ list, purpose }: StatusEntry) => {
    const unsigned = buildStatusListCredential({
      urls,
      organization: school,
      list: {
        id: list.slice(urls.statusList('').length),
        purpose: purpose as StatusPurpose,
        updatedAt: now,
      },
      bits: createBitstring(),
    });
    return [list, JSON.parse(await signDataIntegrity(unsigned, options)) as unknown] as const;
  };
  const statusLists = await Promise.all(
    parseStatusEntries(badge.unsigned.credentialStatus).map(signList),
  );
  const published = new Map<string, unknown>([
    [badge.did.id, badge.did],
    ...statusLists,
    [urls.key(badge.signers.jwt.key.id), badge.signers.jwt.key.publicJwk],
  ]);
  const outside = {
    now: () => now,
    fetch: () => Promise.reject(new Error('no network here')),
    local: (id: string) => Promise.resolve(published.get(id)),
  };
  const engine = createVerifyEngine();
  const check = ({ verified, checks }: VerificationResult) => {
    if (!verified) throw new Error(JSON.stringify(checks));
  };
  return {
    badge,
    verify: async (text: string) => {
      check(await verifyCredential(text, { ...outside, documents: documentLoader }));
    },
    /** As the server does it. */
    verifyInThread: async (text: string) => {
      check(await engine.verifyCredential(text, outside));
    },
    stop: () => engine[Symbol.asyncDispose](),
  };
}

/** The same badge of an issuer that is a key, without status: one signature, and nothing to look up. */
function makeForeign({ unsigned }: Awaited<ReturnType<typeof makeBadge>>) {
  const foreign = createIssuer();
  const did = `did:key:${foreign.multikey}`;
  const { credentialStatus: _none, ...credential } = unsigned;
  const verificationMethod = `${did}#${foreign.multikey}`;
  return foreign.sign(
    { ...credential, issuer: { ...credential.issuer, id: did } },
    { verificationMethod },
  );
}

export const verifying: Subject = {
  title: 'Verification',
  about:
    'CPU time, as above. Cairn verifies everything it reports (limits, schema, proof, key, validity) and the signatures of both status lists, too, so it checks three signed documents. Stock is `verifyCredential()` of @digitalbazaar/vc, one proof, status answered by a stub. No network.',
  async run(tell) {
    tell('verifying badges');
    const { badge, verify, verifyInThread, stop } = await makeVerifier();
    const stock = await makeStock();
    const signed = JSON.stringify(await stock.issue(badge.unsigned));
    const foreign = JSON.stringify(await makeForeign(badge));
    const { credentialStatus: _none, ...bare } = badge.unsigned;
    const signedBare = JSON.stringify(await stock.issue(bare));
    const raw = makeRaw();
    const cost = await sideBySide({
      document: () => verify(badge.document),
      inThread: () => verifyInThread(badge.document),
      token: () => verify(badge.jwt),
      foreign: () => verify(foreign),
      foreignInThread: () => verifyInThread(foreign),
      stockBare: () => stock.verify(JSON.parse(signedBare) as object, now),
      stock: () => stock.verify(JSON.parse(signed) as object, now),
      raw: raw.verify,
    });
    await stop();
    const defences = (micros: number) => ({
      goal: atMost(1.3, micros / cost.stockBare, '×'),
      value: `${show(micros / cost.stockBare)} ×`,
      beside: `${perSecond(micros)}; stock ${perSecond(cost.stockBare)}`,
    });
    const beside = (micros: number) => `${show(cost.stock / micros)} × stock verifyCredential()`;
    return [
      {
        what: 'Cairn, Data Integrity and status lists',
        value: perSecond(cost.document),
        beside: beside(cost.document),
      },
      {
        what: 'the same in a thread that can be ended, as the server does it',
        value: perSecond(cost.inThread),
        beside: beside(cost.inThread),
      },
      {
        what: 'Cairn, VC-JWT and status lists',
        value: perSecond(cost.token),
        beside: beside(cost.token),
      },
      {
        what: 'Cairn, a foreign badge of a did:key, no status list',
        value: perSecond(cost.foreign),
        beside: beside(cost.foreign),
      },
      {
        what: 'cost of the defences: that badge, CPU time over stock verifyCredential() of one alike',
        ...defences(cost.foreign),
      },
      {
        what: 'the same in a thread that can be ended',
        ...defences(cost.foreignInThread),
      },
      {
        what: 'stock verifyCredential(), no status list',
        value: perSecond(cost.stock),
        beside: 'baseline',
      },
      {
        what: 'Ed25519 check alone (node:crypto)',
        value: perSecond(cost.raw),
        beside: beside(cost.raw),
      },
    ];
  },
};
