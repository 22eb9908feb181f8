import request from 'supertest';
import { can, roles, type Role } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { callsByRelation, callsByRole, callsForEverybody } from '../support/calls.ts';
import { hasId, nameOf, openEveryRoute, type EveryRoute } from '../support/every-route.ts';

let cairn: TestCairn;
let every: EveryRoute;

beforeAll(async () => {
  cairn = await startCairn();
  every = await openEveryRoute(cairn);
});
afterAll(async () => {
  await cairn.close();
});

it('has a rule for every call, so that a new one is not forgotten', async () => {
  const document = await request(cairn.app).get('/api/openapi.json');
  const { paths } = document.body as {
    paths: Record<string, Record<string, { servers?: unknown }>>;
  };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { servers }]) =>
      servers !== undefined ? [] : [`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`],
    ),
  );
  const tables = [
    ...Object.keys(callsByRole),
    ...Object.keys(callsByRelation),
    ...callsForEverybody,
  ];
  expect([...tables].sort()).toEqual([...calls].sort());
});

describe.each(roles.map((role) => [role] satisfies [Role]))('a %s', (role) => {
  it('may do what the table of permissions says, and nothing else', async () => {
    const { id, key } = await cairn.as(role);
    const actor = { kind: 'person', id, organization: '', roles: [role] } as const;
    const expected: Record<string, boolean> = {};
    const found: Record<string, boolean> = {};
    for (const route of every.routes) {
      const name = nameOf(route);
      // Nothing has this id, so nothing changes: who may ask hears 404, who may not `role.not_allowed`.
      const answer = await every.ask(route, {
        key,
        ...(hasId(route) ? { id: newId() } : {}),
      });
      const { status } = answer;
      const { code } = answer.body as { code?: string };
      expect([name, status]).not.toEqual([name, 401]);
      expect([name, status < 500]).toEqual([name, true]);
      const permission = callsByRole[name];
      if (permission === undefined) continue;
      expected[name] = can(actor, permission);
      found[name] = code !== 'role.not_allowed';
    }
    expect(found).toEqual(expected);
    expect(Object.keys(found)).toHaveLength(Object.keys(callsByRole).length);
  });
});
