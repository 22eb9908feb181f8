import { digestDocument } from '../../credentials/digest.ts';
import { signCheckpoint } from '../../credentials/sign/checkpoint.ts';
import type { Credential } from '../../domain/awards.ts';
import { createLogCheck, hashRange, listAuditPath, splitRange } from '../../domain/issuance-log.ts';
import { scopeOf } from '../../domain/roles.ts';
import { toTimestamp, type Clock } from '../../shared/clock.ts';
import { notFound } from '../../shared/errors.ts';
import { sha256 } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { IssuanceLogStore } from '../../storage/issuance-log.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { SigningKeyService } from './signing-keys.ts';

/** How long a signed checkpoint is handed out while the log does not grow. */
const checkpointMs = 60_000;

/** In the place of the digest of a token: there is none. */
const noToken = '-';

/** The state of one issuer's log, and the same signed. */
export interface Checkpoint {
  readonly issuer: string;
  readonly size: number;
  readonly root: string;
  readonly at: string;
  readonly jws: string;
}

export type IssuanceLogService = ReturnType<typeof createIssuanceLogService>;

/** Every credential that an organization issued, in order, so that what was never issued here cannot say that it was. */
export function createIssuanceLogService({
  issuanceLog,
  organizations,
  keys,
  urls,
  now,
}: {
  issuanceLog: IssuanceLogStore;
  organizations: OrganizationStore;
  keys: SigningKeyService;
  urls: Urls;
  now: Clock;
}) {
  const signed = new Map<string, { key: string; until: number; checkpoint: Checkpoint }>();

  return { append, appendDocument, has, findTime, listCheckpoints, getProof, verify };

  /** Safe to repeat. */
  async function append({
    organization,
    id,
    document,
    jwt,
  }: Pick<Credential, 'organization' | 'id' | 'document' | 'jwt'>): Promise<void> {
    await issuanceLog.append({
      organization,
      credential: id,
      document: digestDocument(JSON.parse(document)),
      jwt: sha256(jwt),
      at: now(),
    });
  }

  /** What was signed for a caller and is not kept: known by its digest alone, because its id is the caller's choice. */
  async function appendDocument(organization: string, signed: object): Promise<void> {
    const document = digestDocument(signed);
    const credential = `urn:sha256:${document}`;
    await issuanceLog.append({ organization, credential, document, jwt: noToken, at: now() });
  }

  async function has(credential: string): Promise<boolean> {
    return (await issuanceLog.find(credential)) !== undefined;
  }

  /** When the log took in exactly this document or token; undefined when it never did. */
  async function findTime(form: 'document' | 'jwt', digest: string): Promise<Date | undefined> {
    return (await issuanceLog.findByDigest(form, digest))?.at;
  }

  /** One per issuer: sizes and roots only, so that nobody learns which credentials there are. */
  async function listCheckpoints(): Promise<readonly Checkpoint[]> {
    const all = await organizations.list();
    return Promise.all(all.map(({ id }) => getCheckpoint(id)));
  }

  async function getCheckpoint(organization: string): Promise<Checkpoint> {
    const size = await issuanceLog.size(organization);
    const { jwt: key } = await keys.currentKeys(organization);
    const known = signed.get(organization);
    const isFresh = known?.key === key && known.checkpoint.size === size;
    if (isFresh && known.until > now().getTime()) return known.checkpoint;
    const state = {
      issuer: urls.issuerDid(organization),
      size,
      root: await findRoot(organization, size),
      at: toTimestamp(now()),
    };
    const jws = await signCheckpoint(state, {
      signer: await keys.signerOf(key),
      kid: urls.key(key),
    });
    const checkpoint = { ...state, jws };
    signed.set(organization, { key, until: now().getTime() + checkpointMs, checkpoint });
    return checkpoint;
  }

  async function findRoot(organization: string, size: number): Promise<string> {
    const all = { start: 0, size };
    return hashRange(all, await issuanceLog.loadNodes(organization, splitRange(all)));
  }

  /** For whoever knows the credential's id; every other id is unknown, whether or not there is a credential. */
  async function getProof(credential: string) {
    const entry = await issuanceLog.find(credential);
    if (entry === undefined) throw notFound('log entry');
    const { organization, index, document, jwt, at } = entry;
    const size = await issuanceLog.size(organization);
    const ranges = listAuditPath(index, size);
    const findNode = await issuanceLog.loadNodes(organization, ranges.flatMap(splitRange));
    return {
      issuer: urls.issuerDid(organization),
      credential,
      document,
      jwt,
      at: at.toISOString(),
      index,
      size,
      path: ranges.map((range) => hashRange(range, findNode)),
      root: await findRoot(organization, size),
    };
  }

  /** Walks every organization's log: how many entries it has and the first fault, if there is one. */
  async function verify(): Promise<
    readonly { organization: string; entries: number; fault?: string }[]
  > {
    const reports = [];
    for (const { id } of await organizations.list()) reports.push(await verifyLog(issuanceLog, id));
    return reports;
  }
}

async function verifyLog(issuanceLog: IssuanceLogStore, organization: string) {
  const findFault = createLogCheck();
  let entries = 0;
  for await (const entry of issuanceLog.each(scopeOf({ organization }))) {
    const fault = findFault(entry);
    if (fault !== undefined) return { organization, entries, fault };
    entries += 1;
  }
  return { organization, entries };
}
