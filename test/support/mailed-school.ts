import request from 'supertest';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import type { Log } from '../../src/shared/log.ts';
import { startCairn, type TestCairn } from './cairn.ts';
import { openFamily } from './family.ts';
import { openSchool } from './school.ts';
import { startSmtp } from './smtp.ts';

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

interface Told {
  readonly event?: string;
  readonly code?: string;
  readonly subject?: string;
  readonly message?: string | undefined;
}

/** A school that writes to guardians, on a Wednesday, with a mail server of its own; guardians gus@ and otto@. */
export async function openMailedSchool(env: Readonly<Record<string, string>> = {}) {
  let time = Date.parse('2026-11-25T10:00:00Z');
  const now = () => new Date(time);
  const smtp = await startSmtp();
  const told: Told[] = [];
  const tell = (fields: object, message?: string) => {
    told.push({ ...fields, message });
  };
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const mailEnv = { SMTP_URL: smtp.url, SMTP_FROM: 'letters@school.example', ...env };
  const cairn = await startCairn({ now, log, mailMs: 300, env: mailEnv });
  const school = await openSchool(cairn);
  const family = await openFamily(cairn, school);
  const shown = await school.call('get', '/organization');
  const { id: organization } = shown.body as { id: string };
  const policy = { digest: { guardians: true, learners: false } };
  await school.call('patch', '/organization').send({ policy });
  for (const [{ id }, email] of [
    [family.guardian, 'gus@home.example'],
    [family.otherGuardian, 'otto@home.example'],
  ] as const) {
    await school.call('patch', `/people/${id}`).send({ email });
  }

  /** Another process on the same store. */
  async function openOther(changes: Readonly<Record<string, string>> = {}): Promise<Cairn> {
    const { dataDir, mongodbUri } = cairn.cairn.settings;
    const settings = parseSettings({
      NODE_ENV: 'test',
      CAIRN_URL: 'http://localhost:3000',
      CAIRN_DATA_DIR: dataDir,
      ...(mongodbUri && { MONGODB_URI: mongodbUri }),
      ...mailEnv,
      ...changes,
    });
    return compose(settings, { now, log, mailMs: 300 });
  }

  /** Everything that is due is done, and sent, by this Cairn. */
  async function settle({ dispatcher, services }: Cairn = cairn.cairn) {
    for (let turn = 0; turn < 3; turn += 1) await dispatcher.sweep();
    // The first may be one that a sweep has begun.
    for (let turn = 0; turn < 2; turn += 1) await services.letterSender.settleDue();
  }

  return {
    ...{ cairn, school, family, smtp, now, openOther, settle },
    organization,
    pass: async (ms: number) => {
      time += ms;
      await settle();
    },
    wait: (ms: number) => {
      time += ms;
    },
    mailsTo: (person: string) => smtp.messages.filter(({ to }) => to.startsWith(person)),
    eventsOf: (name: string) => told.filter(({ event }) => event === name),
    /** How the newest letter to somebody is on its way, as they see it. */
    stateOf: async ({ id, key }: { id: string; key: string }) => {
      const answer = await school.call('get', `/people/${id}/digests`, key);
      const { items } = answer.body as { items: { mail?: { state: string; reason?: string } }[] };
      return items[0]?.mail;
    },
    close: async () => {
      await cairn.close();
      await smtp.close();
    },
  };
}

export type MailedSchool = Awaited<ReturnType<typeof openMailedSchool>>;

/** The page where somebody who was written to stops it. */
export async function openLetterStop(cairn: TestCairn): Promise<string> {
  const { id } = await cairn.as('guardian', { name: 'Gus Guardian', adult: true });
  const answer = await request(cairn.app)
    .get('/api/v1/organization')
    .auth(cairn.owner, { type: 'bearer' });
  const scope = scopeOf({ organization: (answer.body as { id: string }).id });
  return `/letters/stop/${await cairn.cairn.storage.stores.letterLinks.ensure(scope, id)}`;
}
