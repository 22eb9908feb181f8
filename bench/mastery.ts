import mongoose from 'mongoose';
import { createApp } from '../src/app.ts';
import { compose } from '../src/compose/compose.ts';
import { parseSettings } from '../src/config/settings.ts';
import { createHealth } from '../src/observability/health.ts';
import { makeDataDir } from '../test/support/process.ts';
import { addCurriculum, type Document, type Insert } from './mastery-curriculum.ts';
import { addLearners } from './mastery-learners.ts';

export type Mastery = Awaited<ReturnType<typeof openMastery>>;

/** Cairn on the embedded store in a folder of its own, in this process, with a school that can be made to grow. */
export async function openMastery() {
  const dataDir = await makeDataDir();
  const settings = parseSettings({ CAIRN_DATA_DIR: dataDir.path, CAIRN_LOG_LEVEL: 'silent' });
  const before = new Set(mongoose.connections);
  const cairn = await compose(settings);
  const connection = mongoose.connections.find((one) => !before.has(one));
  const founded = await cairn.services.organizations.found('Bench School');
  if (founded === undefined || connection === undefined) throw new Error('the store was not empty');
  const { organization } = founded;
  const insert: Insert = async (collection, documents) => {
    for (let start = 0; start < documents.length; start += 500) {
      await connection
        .collection<Document>(collection)
        .insertMany(documents.slice(start, start + 500), { ordered: false });
    }
  };
  const curriculum = await addCurriculum(insert, organization.id);
  const server = createApp(cairn, createHealth({ store: cairn.storage.ping })).listen(0);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const learners: string[] = [];
  const classes: string[] = [];

  const ask = async (path: string, request: RequestInit): Promise<string> => {
    const headers = {
      authorization: `Bearer ${founded.secret}`,
      'content-type': 'application/json',
    };
    const address = `http://localhost:${port}/api/v1${path}`;
    const answer = await fetch(address, { ...request, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  };

  return {
    cairn,
    organization: organization.id,
    curriculum,
    learners,
    classes,
    addLearners: async (count: number) => {
      const added = await addLearners(insert, organization.id, curriculum, count);
      learners.push(...added.learners);
      classes.push(...added.classes);
    },
    get: (path: string) => ask(path, {}),
    put: (path: string, body: unknown) => ask(path, { method: 'PUT', body: JSON.stringify(body) }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await cairn[Symbol.asyncDispose]();
      await dataDir.remove();
    },
  };
}
