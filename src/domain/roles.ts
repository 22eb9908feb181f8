import { ServiceError } from '../shared/errors.ts';

export const roles = [
  'owner',
  'admin',
  'lead',
  'teacher',
  'learner',
  'guardian',
  'mentor',
] as const;
export type Role = (typeof roles)[number];

/** Who acts: a person, a machine with an API key of its own, or Cairn itself. */
export interface Actor {
  readonly kind: 'person' | 'api-key' | 'system';
  /** Id of the person or of the API key; `cairn` for the system. */
  readonly id: string;
  readonly organization: string;
  readonly roles: readonly Role[];
}

const permissions = {
  'organization.read': ['owner', 'admin', 'lead', 'teacher', 'learner', 'guardian', 'mentor'],
  'organization.manage': ['owner', 'admin'],
  'api-keys.manage': ['owner', 'admin'],
  'contexts.manage': ['owner'],
  'keys.manage': ['owner', 'admin'],
  'audit.read': ['owner', 'admin'],
  'metrics.read': ['owner', 'admin'],
  'people.read': ['owner', 'admin', 'lead', 'teacher'],
  'people.manage': ['owner', 'admin'],
  'frameworks.read': ['owner', 'admin', 'lead', 'teacher', 'learner', 'guardian', 'mentor'],
  'frameworks.manage': ['owner', 'admin', 'lead'],
  'achievements.read': ['owner', 'admin', 'lead', 'teacher', 'learner', 'guardian', 'mentor'],
  'achievements.manage': ['owner', 'admin', 'lead', 'teacher'],
  'submissions.create': ['owner', 'admin', 'lead', 'teacher', 'learner'],
  'submissions.read-all': ['owner', 'admin', 'lead', 'teacher'],
  'submissions.review': ['owner', 'admin', 'lead', 'teacher'],
  'submissions.override': ['owner', 'admin', 'lead'],
  'awards.create': ['owner', 'admin', 'lead', 'teacher'],
  'issuances.retry': ['owner', 'admin', 'lead'],
  'credentials.read-all': ['owner', 'admin', 'lead', 'teacher'],
  'credentials.publish-all': ['owner', 'admin'],
  'calibration.read': ['owner', 'admin', 'lead'],
  'support.manage': ['owner', 'admin', 'lead', 'teacher'],
  'credentials.status': ['owner', 'admin', 'lead'],
  'credentials.sign-any': ['owner', 'admin'],
  'curriculum.read': ['owner', 'admin', 'lead', 'teacher', 'learner', 'guardian', 'mentor'],
  'curriculum.manage': ['owner', 'admin', 'lead'],
  'proposals.create': ['learner'],
  'proposals.decide': ['owner', 'admin', 'lead', 'teacher'],
  'art.draw': ['learner'],
  'art.moderate': ['owner', 'admin', 'lead', 'teacher'],
  'classes.read': ['owner', 'admin', 'lead', 'teacher'],
  'classes.manage': ['owner', 'admin', 'lead', 'teacher'],
  'estimates.override': ['owner', 'admin', 'lead', 'teacher'],
  'matrices.read': ['owner', 'admin', 'lead', 'teacher'],
  'reports.read': ['owner', 'admin', 'lead'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

export function can(actor: Actor, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission];
  return actor.kind === 'system' || actor.roles.some((role) => allowed.includes(role));
}

export function assertCan(actor: Actor, permission: Permission): void {
  if (can(actor, permission)) return;
  throw new ServiceError(
    'forbidden',
    'role.not_allowed',
    'Your role does not allow this. Ask an administrator of your school.',
  );
}

/** Whether `actor` may hand `granted` to somebody: nobody gives away more than they have. */
export function canGrant(actor: Actor, granted: readonly Role[]): boolean {
  if (actor.kind === 'system' || actor.roles.includes('owner')) return true;
  return actor.roles.includes('admin') && !granted.includes('owner');
}

/** Staff see everybody of their school; others see themselves, guardians their learners too. */
export function maySeePerson(
  actor: Actor,
  id: string,
  guardianOf: readonly string[] = [],
): boolean {
  return can(actor, 'people.read') || listOwn(actor, guardianOf).includes(id);
}

/** Whom somebody sees who is not staff. */
export function listOwn(actor: Actor, guardianOf: readonly string[] = []): readonly string[] {
  return [actor.id, ...(actor.roles.includes('guardian') ? guardianOf : [])];
}

declare const scoped: unique symbol;

/** Proof that an organization was taken from an actor, not from a request. Stores ask for it; only `scopeOf` makes it. */
export interface Scope {
  readonly organization: string;
  readonly [scoped]: true;
}

export function scopeOf(actor: Pick<Actor, 'organization'>): Scope {
  return { organization: actor.organization } as Scope;
}

/** Cairn acting for an organization on its own: the outbox, the first start. */
export function systemActor(organization: string): Actor {
  return { kind: 'system', id: 'cairn', organization, roles: [] };
}
