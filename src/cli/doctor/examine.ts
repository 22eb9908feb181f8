import type { Cairn } from '../../compose/compose.ts';
import { withDeadline } from '../../shared/deadline.ts';
import { createSafeFetch } from '../../shared/safe-fetch.ts';
import { look, type Finding } from './finding.ts';
import { checkMail } from './mail.ts';
import { checkPublicAddress } from './public-address.ts';

const tolerableMs = 60_000;

/** Everything that can be asked of a Cairn that could be opened. */
export async function examine(cairn: Cairn): Promise<readonly Finding[]> {
  const { storage, services } = cairn;
  const chains = services.audit.verify();
  return Promise.all([
    look('store', async () => {
      await storage.ping();
      const problems = await storage.verify();
      if (problems.length > 0) throw new Error(problems.join('; '));
      return `${storage.engine}, answers`;
    }),
    look('clock', async () => checkClock(await storage.time(), await chains)),
    look('signing keys', async () => {
      await services.signingKeys.selfTest();
      const active = (await services.signingKeys.listAll()).filter(
        ({ state }) => state === 'active',
      );
      const drivers = [...new Set(active.map(({ driver }) => driver))].join(', ');
      return `every active key opens and signs (${drivers || 'there is none yet'})`;
    }),
    look('audit chain', async () => {
      const broken = (await chains).filter(({ fault }) => fault !== undefined);
      if (broken.length > 0) throw new Error(broken.map(({ fault }) => fault).join('; '));
      return 'no gap and no change';
    }),
    look('issuance log', async () => {
      const broken = (await services.issuanceLog.verify()).filter(({ fault }) => fault);
      if (broken.length > 0) throw new Error(broken.map(({ fault }) => fault).join('; '));
      return 'no gap and no change';
    }),
    look('registries', async () => describeRegistries(await services.registries.report())),
    look('status lists', async () => {
      const lost = await services.credentialStatus.countLost();
      if (lost > 0)
        throw new Error(`${lost} revoked and not on their list any more; revoke them again`);
      return 'whatever was revoked is on its list';
    }),
    look('queue', async () => {
      const warnings = await cairn.queue.examine();
      const depth = await withDeadline(cairn.queue.depth(), 5_000);
      const found = [`answers; ${depth} wait`, ...warnings].join('; ');
      return warnings.length === 0 ? found : { note: found };
    }),
    look('outbox', async () => checkOutbox(await services.issuances.measure())),
    look('mail', async () => checkMail(cairn, await services.letterSender.count())),
    look('public address', () =>
      checkPublicAddress(cairn, createSafeFetch({ allow: cairn.settings.fetchAllow })),
    ),
    look('issuance', async () => {
      const failed = await services.issuances.countFailed();
      if (failed > 0) throw new Error(`${failed} failed; see GET /api/v1/issuances?state=failed`);
      return 'nothing has failed';
    }),
  ]);
}

/** @throws when one of them could not be read */
function describeRegistries(
  registries: Awaited<ReturnType<Cairn['services']['registries']['report']>>,
): string {
  const unread = registries.filter(({ problem }) => problem !== undefined);
  if (unread.length > 0) {
    throw new Error(unread.map(({ address, problem }) => `${address}: ${problem}`).join('; '));
  }
  if (registries.length === 0) return 'none (CAIRN_REGISTRIES)';
  return registries
    .map(({ name, issuers, ignored }) =>
      [`${name}: ${issuers} issuers`, ...ignored.map((other) => `not read: ${other}`)].join(', '),
    )
    .join('; ');
}

/** @throws when this machine and what is stored do not agree what time it is */
export function checkClock(
  store: Date,
  chains: readonly { readonly last?: Date }[],
  now = new Date(),
): string {
  const behind = (time: Date) => time.getTime() - now.getTime();
  if (Math.abs(behind(store)) > tolerableMs) {
    const seconds = Math.round(behind(store) / 1_000);
    throw new Error(
      `the store's clock differs from this machine's by ${seconds} s: set both by time servers (NTP)`,
    );
  }
  const latest = chains.find(({ last }) => last !== undefined && behind(last) > tolerableMs)?.last;
  if (latest !== undefined) {
    throw new Error(
      `a decision was recorded at ${latest.toISOString()}, which is still to come: this machine's clock was or is wrong`,
    );
  }
  return 'agrees with the store';
}

/** @throws when an approval waits longer than any signature takes */
export function checkOutbox(
  { size, oldest }: { readonly size: number; readonly oldest?: Date },
  now = new Date(),
): string {
  const seconds = oldest === undefined ? 0 : (now.getTime() - oldest.getTime()) / 1_000;
  if (seconds * 1_000 <= tolerableMs) return size === 0 ? 'is empty' : `${size} are being signed`;
  throw new Error(
    `${size} approvals wait for their signature, the first for ${Math.round(seconds)} s: is a worker running (CAIRN_ROLES), and what does its log say?`,
  );
}
