import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../../src/app.ts';
import { compose, type Cairn, type Overrides } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import type { Role } from '../../src/domain/roles.ts';
import { createHealth } from '../../src/observability/health.ts';
import { silentLog } from './log.ts';
import { foreignServer } from './mongodb.ts';

export interface TestCairn {
  readonly app: Express;
  readonly cairn: Cairn;
  readonly services: Cairn['services'];
  /** API key of the owner. */
  readonly owner: string;
  /** Adds a person with this role and answers their id and an API key of theirs. */
  as(
    role: Role,
    details?: { name?: string; email?: string; adult?: boolean; language?: string },
  ): Promise<{ id: string; key: string }>;
  close(): Promise<void>;
}

/**
 * Cairn on a fresh embedded store in strict mode, in a folder of its own; where MONGODB_URI is set, in a database of
 * its own there. Close it in afterAll.
 */
export async function startCairn(
  overrides: Overrides & { env?: Readonly<Record<string, string>> } = {},
): Promise<TestCairn> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-test-'));
  const server = overrides.env?.MONGODB_URI === undefined ? foreignServer() : undefined;
  const settings = parseSettings({
    NODE_ENV: 'test',
    CAIRN_URL: 'http://localhost:3000',
    CAIRN_DATA_DIR: dataDir,
    ...(server && { MONGODB_URI: server.uri }),
    ...overrides.env,
  });
  const cairn = await compose(settings, { log: silentLog, ...overrides });
  const founded = await cairn.services.organizations.found('Test School');
  if (founded === undefined) throw new Error('the test store was not empty');
  const app = createApp(cairn, createHealth({ store: cairn.storage.ping }));
  const owner = founded.secret;
  let people = 0;

  return {
    app,
    cairn,
    services: cairn.services,
    owner,
    as: async (role, details = {}) => {
      people += 1;
      const person = await post(app, owner, '/api/v1/people', {
        name: `Person ${people}`,
        email: `person-${people}@school.example`,
        roles: [role],
        ...details,
      });
      const key = await post(app, owner, '/api/v1/api-keys', { name: 'test', person: person.id });
      return { id: person.id, key: key.secret ?? '' };
    },
    close: async () => {
      await cairn[Symbol.asyncDispose]();
      await server?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function post(app: Express, key: string, path: string, body: object) {
  const answer = await request(app).post(path).auth(key, { type: 'bearer' }).send(body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as { id: string; secret?: string };
}
