import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { scopeOf } from '../../src/domain/roles.ts';
import { parseCasePackage } from '../../src/domain/standards/package.ts';
import { newId, sha256 } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { counts, foundSchool, small, type Report, type School } from '../support/frameworks.ts';
import { childOf, item, ourUris, uuid } from '../support/standards.ts';

let cairn: TestCairn;
let school: School;

beforeAll(async () => {
  cairn = await startCairn();
});
beforeEach(async () => {
  school = await foundSchool(cairn);
});
afterAll(async () => {
  await cairn.close();
});

describe('a CASE package', () => {
  it('becomes a framework with its standards, and the second time nothing happens', async () => {
    const first = await school.importDocument(small);
    const report = first.body as Report;
    expect(first.status).toBe(201);
    expect(first.headers.location).toBe(`/api/v1/frameworks/${report.framework.id ?? ''}`);
    expect(report).toEqual({
      framework: { id: expect.any(String) as string, title: 'Fixture framework' },
      created: 3,
      updated: 0,
      retired: 0,
      unchanged: 0,
      warnings: [],
    });
    const before = await school.get(`/frameworks/${report.framework.id ?? ''}`);
    expect(before.body).toMatchObject({ identifier: uuid(0), levels: [], imports: 1 });

    const second = await school.importDocument(small);
    expect(second.status).toBe(200);
    expect(counts(second.body as Report)).toEqual([0, 0, 0, 3]);
    expect((await school.get(`/frameworks/${report.framework.id ?? ''}`)).body).toEqual(
      before.body,
    );
    const audit = (await school.get('/audit-events')).body as { items: { action: string }[] };
    expect(audit.items.filter(({ action }) => action === 'framework.imported')).toHaveLength(1);
  });

  it('that lacks a standard retires it, and one that has it again brings it back', async () => {
    const { framework } = await school.reportOf(small);
    const before = await school.standardsOf(framework.id);
    const without = { ...small, CFItems: small.CFItems.slice(0, 2) };

    expect(counts(await school.reportOf(without))).toEqual([0, 0, 1, 2]);
    expect(counts(await school.reportOf(without))).toEqual([0, 0, 0, 2]);
    expect(await school.standardsOf(framework.id, '?state=retired')).toMatchObject([
      { identifier: uuid(3), state: 'retired' },
    ]);
    expect(await school.standardsOf(framework.id)).toHaveLength(3);

    expect(counts(await school.reportOf(small))).toEqual([0, 1, 0, 2]);
    expect(await school.standardsOf(framework.id)).toEqual(before);
  });

  it('with changed words updates the standard under its id, and the framework', async () => {
    const { framework } = await school.reportOf(small);
    const [root] = await school.standardsOf(framework.id);
    const changed = {
      ...small,
      CFDocument: { ...small.CFDocument, title: 'New title', creator: null },
      CFItems: [item(1, { fullStatement: 'Changed' }), ...small.CFItems.slice(1)],
    };
    expect(counts(await school.reportOf(changed))).toEqual([0, 1, 0, 2]);
    expect((await school.standardsOf(framework.id, '?q=changed'))[0]?.id).toBe(root?.id);
    const after = (await school.get(`/frameworks/${framework.id ?? ''}`)).body as object;
    expect(after).toMatchObject({ title: 'New title', imports: 2 });
    expect(after).not.toHaveProperty('creator');
  });

  it('in a dry run is told and not stored', async () => {
    const dry = await school.importDocument(small, '?dryRun=true');
    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({ framework: { title: 'Fixture framework' }, created: 3 });
    expect((dry.body as Report).framework).not.toHaveProperty('id');
    expect((await school.get('/frameworks')).body).toEqual({ items: [] });

    const { framework } = await school.reportOf(small);
    const without = { ...small, CFItems: small.CFItems.slice(0, 2) };
    expect(await school.reportOf(without, '?dryRun=true')).toMatchObject({ framework, retired: 1 });
    expect(await school.standardsOf(framework.id, '?state=retired')).toEqual([]);
  });

  it('is completed when an import of it broke off', async () => {
    const { frameworkSources, standards } = cairn.cairn.storage.stores;
    const scope = scopeOf(school);
    const text = JSON.stringify(small);
    // As a crash leaves it: the document and some standards are there, the framework is not.
    const source = { identifier: uuid(0), sha256: sha256(text), contentType: 'application/json' };
    const framework = newId();
    await frameworkSources.keep(scope, { framework, ...source, text, at: new Date() });
    const [first] = parseCasePackage(small, ourUris).standards;
    if (first === undefined) throw new Error('the package has no standards');
    const { organization } = school;
    const added = { id: newId(), organization, framework, ...first, state: 'current' as const };
    await standards.write(scope, { added: [added], replaced: [] });
    expect((await school.get(`/frameworks/${framework}`)).status).toBe(404);
    expect((await school.get(`/frameworks/${framework}/standards`)).status).toBe(404);

    const again = await school.importDocument(small);
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ framework: { id: framework }, created: 2, unchanged: 1 });
    expect((await school.standardsOf(framework))[0]?.id).toBe(added.id);
  });

  it('is refused to one of two who import into one framework at once, or both agree', async () => {
    const { framework } = await school.reportOf(small);
    const other = { ...small, CFItems: small.CFItems.slice(0, 2) };
    const answers = await Promise.all([
      school.importDocument(other),
      school.importDocument(JSON.stringify(other, null, 1)),
    ]);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect(counts(await school.reportOf(other))).toEqual([0, 0, 0, 2]);
    expect(await school.standardsOf(framework.id)).toHaveLength(3);
  });

  it('is kept as it came', async () => {
    const text = JSON.stringify(small, null, 1);
    await school.reportOf(text);
    const kept = await cairn.cairn.storage.stores.frameworkSources.find(scopeOf(school), {
      identifier: uuid(0),
      sha256: sha256(text),
    });
    expect(kept?.text).toBe(text);
  });

  it.each([
    ['without items', { ...small, CFItems: [] }, 400, 'package.no_standards'],
    [
      'with a circle',
      { ...small, CFAssociations: [childOf(1, 2), childOf(2, 1)] },
      400,
      'framework.circle',
    ],
    ['that is none', { hello: 'world' }, 400, 'package.not_case'],
    ['that is not JSON', '{"CFDocument":', 400, 'import.malformed_json'],
    ['with an odd address', { url: 7 }, 400, 'import.invalid_address'],
  ])('%s is refused and nothing is stored', async (_what, document, status, code) => {
    const refused = await school.importDocument(document);
    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({ code });
    expect((await school.get('/frameworks')).body).toEqual({ items: [] });
  });

  it('that is too large is refused', async () => {
    const huge = `{"CFPackage":"${'x'.repeat(33 * 1024 * 1024)}"}`;
    expect((await school.importDocument(huge)).body).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
  });

  it('is only imported by those who may', async () => {
    const teacher = await school.keyFor('teacher');
    const learner = await school.keyFor('learner');
    expect((await school.importDocument(small, '', teacher)).status).toBe(403);
    const { framework } = await school.reportOf(small);
    expect((await school.get(`/frameworks/${framework.id ?? ''}/standards`, learner)).status).toBe(
      200,
    );
  });
});

describe('a sheet', () => {
  const sheet = 'code,statement,parent code\nA,Algebra,\nA.1,Solve,A\nA.2,Graph,A\n';

  it('makes a framework by title, and the second time nothing happens', async () => {
    const first = await school.importDocument(sheet, '?title=Our%20mathematics');
    expect(first.status).toBe(201);
    expect(counts(first.body as Report)).toEqual([3, 0, 0, 0]);
    const second = await school.importDocument(sheet, '?title=Our%20mathematics');
    expect(second.status).toBe(200);
    expect(counts(second.body as Report)).toEqual([0, 0, 0, 3]);
    expect((second.body as Report).framework).toEqual((first.body as Report).framework);
  });

  it('goes into the framework that is named, and keeps what is known of it', async () => {
    const { framework } = await school.reportOf(small);
    const query = `?framework=${framework.id ?? ''}`;
    const report = await school.reportOf(
      'code,statement\nHSF,Functions!\nHSF.IF,Interpret\n',
      query,
    );
    expect(report.framework).toEqual(framework);
    expect(counts(report)).toEqual([1, 1, 2, 0]);
    expect(
      (await school.standardsOf(framework.id, '?q=functions!&state=current'))[0],
    ).toMatchObject({
      identifier: uuid(1),
      uri: `https://case.example/items/${uuid(1)}`,
    });
  });

  it('with a broken row is refused by row and column, and nothing is stored', async () => {
    const refused = await school.importDocument(`${sheet}A.3,,A\nA.4,x,B\n`, '?title=Broken');
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      code: 'sheet.broken_rows',
      errors: [{ path: 'row 5, column statement', message: 'must not be empty' }],
    });
    expect((await school.get('/frameworks')).body).toEqual({ items: [] });
  });

  it('without title, for an unknown framework, or as another media type is refused', async () => {
    expect((await school.importDocument(sheet)).body).toMatchObject({
      code: 'framework.title_missing',
    });
    expect((await school.importDocument(sheet, `?framework=${uuid(9)}`)).body).toMatchObject({
      status: 404,
      code: 'framework.not_found',
    });
    const odd = await request(cairn.app)
      .post('/api/v1/frameworks/import')
      .auth(await school.keyFor('owner'), { type: 'bearer' })
      .type('text/plain')
      .send(sheet);
    expect(odd.body).toMatchObject({ status: 400, code: 'request.wrong_type' });
  });
});

describe('an address', () => {
  let server: Server;

  afterEach(() => server.close());

  it('is followed to the document', async () => {
    const port = await serve();
    const open = await startCairn({ env: { CAIRN_FETCH_ALLOW: `127.0.0.1:${port}` } });
    school = await foundSchool(open);
    const base = `http://127.0.0.1:${port}`;

    expect(await school.reportOf({ url: `${base}/package` })).toMatchObject({ created: 3 });
    expect(await school.reportOf({ url: `${base}/sheet.csv` }, '?title=Sheet')).toMatchObject({
      created: 1,
    });
    expect((await school.importDocument({ url: `${base}/nothing` })).body).toMatchObject({
      status: 422,
      code: 'import.no_document',
    });
    await open.close();
  });

  it('inside the house is not followed', async () => {
    const port = await serve();
    expect(
      (await school.importDocument({ url: `http://127.0.0.1:${port}/package` })).body,
    ).toMatchObject({
      status: 422,
      code: 'fetch.blocked',
    });
  });

  function serve(): Promise<number> {
    server = createServer((incoming, answer) => {
      if (incoming.url === '/package') answer.end(JSON.stringify(small));
      else if (incoming.url === '/sheet.csv') answer.end('code,statement\nA,x\n');
      else answer.writeHead(404).end();
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  }
});
