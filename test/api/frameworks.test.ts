import { startCairn, type TestCairn } from '../support/cairn.ts';
import { foundSchool, small, type ListedStandard, type School } from '../support/frameworks.ts';
import { uuid } from '../support/standards.ts';

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

describe('frameworks', () => {
  it('are made by hand, once for a title', async () => {
    const create = (body: object) => school.post('/frameworks', body);
    const made = await create({
      title: 'Our own',
      levels: [{ ordinal: 1, name: 'Trailhead' }],
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      title: 'Our own',
      imports: 0,
      levels: [{ ordinal: 1, name: 'Trailhead', description: '' }],
    });
    expect((await create({ title: 'Our own' })).body).toMatchObject({
      status: 409,
      code: 'framework.exists',
    });
    expect((await create({ title: '' })).body).toMatchObject({ code: 'request.invalid' });

    const { id } = made.body as { id: string };
    const report = await school.importDocument('code,statement\nA,x\n', '?title=Our%20own');
    expect(report.body).toMatchObject({ framework: { id }, created: 1 });
    expect((await school.get(`/frameworks/${id}`)).body).toMatchObject({
      levels: [{ name: 'Trailhead' }],
      imports: 1,
    });
  });

  it('are found by those of the school only', async () => {
    const { framework } = await school.reportOf(small);
    const id = framework.id ?? '';
    const other = await foundSchool(cairn);

    expect((await other.get(`/frameworks/${id}`)).body).toMatchObject({
      status: 404,
      code: 'framework.not_found',
    });
    expect((await other.get(`/frameworks/${id}/standards`)).status).toBe(404);
    expect((await other.put(`/frameworks/${id}/levels`, [])).status).toBe(404);
    expect((await other.importDocument('code,statement\nA,x', `?framework=${id}`)).status).toBe(
      404,
    );
    expect((await other.get('/frameworks')).body).toEqual({ items: [] });
    expect((await school.get(`/frameworks/${uuid(9)}`)).status).toBe(404);
    expect((await school.get('/frameworks/not-an-id')).status).toBe(400);
    // The same package is another framework there.
    const theirs = await other.reportOf(small);
    expect(theirs.created).toBe(3);
    expect(theirs.framework.id).not.toBe(id);
  });

  it('are listed newest first, page by page', async () => {
    await school.reportOf('code,statement\nA,x\n', '?title=One');
    await school.reportOf('code,statement\nA,x\n', '?title=Two');
    const first = (await school.get('/frameworks?limit=1')).body as {
      items: object[];
      next: string;
    };
    const second = await school.get(`/frameworks?limit=1&cursor=${first.next}`);
    expect(first.items).toMatchObject([{ title: 'Two' }]);
    expect(second.body).toEqual({ items: [expect.objectContaining({ title: 'One' })] });
  });
});

describe('levels', () => {
  it('are put, renamed, added, and removed while no achievement stands on them', async () => {
    const { framework } = await school.reportOf(small);
    const put = (body: unknown) => school.put(`/frameworks/${framework.id ?? ''}/levels`, body);
    const level = (ordinal: number, name: string) => ({ ordinal, name, description: '' });

    const levels = [level(1, 'Trailhead'), level(2, 'Ridge')];
    expect((await put([...levels].reverse())).body).toMatchObject({ levels });
    expect((await put([level(1, 'Valley'), level(2, 'Ridge'), level(3, 'Summit')])).status).toBe(
      200,
    );
    const { items } = (await school.get(`/frameworks/${framework.id ?? ''}/standards`)).body as {
      items: { id: string }[];
    };
    const onTop = await school.post('/achievements', {
      kind: 'microcredential',
      name: 'On top',
      description: 'Stands on the third level.',
      criteria: 'Be there.',
      standards: [items[0]?.id],
      level: 3,
      rubric: [],
    });
    expect(onTop.status).toBe(201);
    expect((await put(levels)).body).toMatchObject({ status: 409, code: 'level.in_use' });
    expect((await put([level(1, 'a'), level(3, 'b')])).body).toMatchObject({
      status: 400,
      code: 'level.invalid',
    });
    expect((await put([{ ordinal: 0, name: 'x' }])).body).toMatchObject({
      code: 'request.invalid',
    });
    // An import leaves them alone.
    await school.reportOf({ ...small, CFItems: small.CFItems.slice(0, 2) });
    expect((await school.get(`/frameworks/${framework.id ?? ''}`)).body).toMatchObject({
      levels: [{ name: 'Valley' }, { name: 'Ridge' }, { name: 'Summit' }],
    });
  });
});

describe('standards', () => {
  const codes = (list: readonly ListedStandard[]) => list.map(({ code }) => code);

  it('are found by words, by code and below a parent, in order and page by page', async () => {
    const { framework } = await school.reportOf(small);
    const list = (query: string) => school.standardsOf(framework.id, query);
    const [root] = await list('?parent=root');

    expect(codes(await list('?parent=root'))).toEqual(['HSF']);
    expect(codes(await list(`?parent=${root?.id ?? ''}`))).toEqual(['HSF.LE.1', 'HSF.LE.2']);
    expect(codes(await list(`?parent=${uuid(1)}&q=construct`))).toEqual(['HSF.LE.2']);
    expect(codes(await list('?q=hsf.le'))).toEqual(['HSF.LE.1', 'HSF.LE.2']);
    expect(codes(await list('?q=linear'))).toEqual(['HSF.LE.1', 'HSF.LE.2']);
    expect(codes(await list('?q=lin%20funct'))).toEqual(['HSF.LE.2']);
    expect(codes(await list('?q=.*'))).toEqual([]);
    expect((await school.get(`/frameworks/${framework.id ?? ''}/standards?parent=x`)).status).toBe(
      404,
    );

    const page = (await school.get(`/frameworks/${framework.id ?? ''}/standards?limit=2`)).body as {
      next: string;
    };
    expect(codes(await list('?limit=2'))).toEqual(['HSF', 'HSF.LE.1']);
    expect(codes(await list(`?limit=2&cursor=${page.next}`))).toEqual(['HSF.LE.2']);
  });
});
