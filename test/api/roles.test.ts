import { can, roles, type Permission, type Role } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
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

/** Routes that a role may use or not, whatever they are about. The others show everybody what is theirs. */
const asked: Readonly<Record<string, Permission>> = {
  'PATCH /organization': 'organization.manage',
  'GET /organization': 'organization.read',
  'GET /audit-events': 'audit.read',
  'GET /api-keys': 'api-keys.manage',
  'POST /api-keys': 'api-keys.manage',
  'DELETE /api-keys/:id': 'api-keys.manage',
  'GET /contexts': 'contexts.manage',
  'POST /contexts': 'contexts.manage',
  'DELETE /contexts/:id': 'contexts.manage',
  'POST /people': 'people.manage',
  'GET /people': 'people.read',
  'PATCH /people/:id': 'people.manage',
  'DELETE /people/:id': 'people.manage',
  'POST /frameworks': 'frameworks.manage',
  'POST /frameworks/import': 'frameworks.manage',
  'PUT /frameworks/:id/levels': 'frameworks.manage',
  'GET /frameworks': 'frameworks.read',
  'GET /frameworks/:id': 'frameworks.read',
  'GET /frameworks/:id/standards': 'frameworks.read',
  'GET /frameworks/:id/level-rules': 'frameworks.read',
  'GET /frameworks/:id/level-rules/:ordinal': 'frameworks.read',
  'PUT /frameworks/:id/level-rules/:ordinal': 'frameworks.manage',
  'DELETE /frameworks/:id/level-rules/:ordinal': 'frameworks.manage',
  'POST /frameworks/:id/level-rules/:ordinal/simulate': 'frameworks.manage',
  'POST /frameworks/:id/level-rules/:ordinal/certify': 'frameworks.manage',
  'GET /level-rules/waiting': 'credentials.read-all',
  'GET /level-rules/flagged': 'credentials.read-all',
  'POST /level-rules/flagged/:id/resolve': 'credentials.status',
  'POST /achievements': 'achievements.manage',
  'PATCH /achievements/:id': 'achievements.manage',
  'POST /achievements/:id/publish': 'achievements.manage',
  'POST /achievements/:id/retire': 'achievements.manage',
  'GET /achievements': 'achievements.read',
  'GET /achievements/:id': 'achievements.read',
  'POST /courses': 'curriculum.manage',
  'PATCH /courses/:id': 'curriculum.manage',
  'POST /courses/:id/retire': 'curriculum.manage',
  'GET /courses': 'curriculum.read',
  'GET /courses/:id': 'curriculum.read',
  'POST /pathways': 'curriculum.manage',
  'PATCH /pathways/:id': 'curriculum.manage',
  'POST /pathways/:id/retire': 'curriculum.manage',
  'GET /pathways': 'curriculum.read',
  'GET /pathways/:id': 'curriculum.read',
  'PUT /achievements/:id/composition': 'curriculum.manage',
  'GET /achievements/:id/composition': 'curriculum.read',
  'PUT /graduate-profile': 'curriculum.manage',
  'GET /graduate-profile': 'curriculum.read',
  'POST /proposals': 'proposals.create',
  'POST /proposals/:id/accept': 'proposals.decide',
  'POST /proposals/:id/edit': 'proposals.decide',
  'POST /proposals/:id/decline': 'proposals.decide',
  'GET /art': 'art.moderate',
  'POST /art/:id/approve': 'art.moderate',
  'POST /art/:id/decline': 'art.moderate',
  'POST /submissions': 'submissions.create',
  'GET /review-queue': 'submissions.review',
  'POST /classes': 'classes.manage',
  'GET /classes': 'classes.read',
  'GET /classes/:id': 'classes.read',
  'PATCH /classes/:id': 'classes.manage',
  'DELETE /classes/:id': 'classes.manage',
  'GET /classes/:id/history': 'classes.read',
  'GET /reports/achievements-nobody-earns': 'reports.read',
  'GET /reports/review-times': 'reports.read',
  'GET /reports/resubmissions': 'reports.read',
  'GET /frameworks/:id/matrix': 'matrices.read',
  'GET /frameworks/:id/matrix.csv': 'matrices.read',
  'GET /frameworks/:id/standards-matrix': 'matrices.read',
  'GET /frameworks/:id/standards-matrix.csv': 'matrices.read',
  'POST /learners/:id/overrides': 'estimates.override',
  'DELETE /learners/:id/overrides/:override': 'estimates.override',
  'POST /awards': 'awards.create',
  'POST /awards/import': 'awards.create',
  'GET /calibration/queue': 'submissions.review',
  'POST /calibration/:id/results': 'submissions.review',
  'GET /calibration/agreement': 'calibration.read',
  'POST /norming-sessions': 'calibration.read',
  'GET /norming-sessions': 'submissions.review',
  'GET /norming-sessions/:id': 'submissions.review',
  'POST /norming-sessions/:id/ratings': 'submissions.review',
  'POST /support-flags': 'support.manage',
  'POST /support-flags/:id/take': 'support.manage',
  'POST /support-flags/:id/log': 'support.manage',
  'POST /support-flags/:id/resolve': 'support.manage',
  'GET /issuances': 'credentials.read-all',
  'POST /issuances/:id/retry': 'issuances.retry',
  'POST /credentials/:id/revoke': 'credentials.status',
  'POST /credentials/:id/suspend': 'credentials.status',
  'POST /credentials/:id/reinstate': 'credentials.status',
};

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
      const permission = asked[name];
      if (permission === undefined) continue;
      expected[name] = can(actor, permission);
      found[name] = code !== 'role.not_allowed';
    }
    expect(found).toEqual(expected);
    expect(Object.keys(found)).toHaveLength(Object.keys(asked).length);
  });
});
