import type { AchievementVersion } from '../../domain/achievements.ts';
import { decidePriority, type Award, type Priority } from '../../domain/awards.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { notFound } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import {
  assertSignable,
  awardMade,
  draftAward,
  requestOf,
  type AwardDraft,
  type AwardRequest,
} from './award-drafts.ts';
import { assertAwardable, awardExists, type DirectAward } from './award-rules.ts';
import type { BossGate } from '../levels/boss-gate.ts';
import type { SigningKeyService } from '../credentials/signing-keys.ts';
import type { StatusListService } from '../credentials/status-lists.ts';

/** What awards need of the achievements. */
export interface AchievementVersions {
  /** The newest published version of an achievement that is not retired. */
  findCurrent(scope: Scope, achievement: string): Promise<AchievementVersion | undefined>;
  findVersion(
    scope: Scope,
    achievement: string,
    version: number,
  ): Promise<AchievementVersion | undefined>;
}

interface Dependencies {
  readonly awards: AwardStore;
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly versions: AchievementVersions;
  readonly keys: SigningKeyService;
  readonly statusLists: StatusListService;
  readonly audit: AuditService;
  readonly bossGate: Pick<BossGate, 'assertOpen'>;
  /** Rings for the signer. May fail: the outbox rings again. */
  readonly wake: (award: string, priority: Priority) => Promise<void>;
  readonly urls: Urls;
  readonly log: Log;
  readonly fault: Fault;
  readonly now: Clock;
}

export type AwardService = ReturnType<typeof createAwardService>;

export function createAwardService(dependencies: Dependencies) {
  const { awards, organizations, people, versions, audit, bossGate } = dependencies;
  const { wake, log, fault, now } = dependencies;

  return { request, awardDirectly, hasLive };

  /**
   * Writes the award together with everything its credential will say: from here on it cannot be lost.
   * Safe to repeat with the same ids.
   */
  async function request(
    actor: Actor,
    input: AwardRequest,
  ): Promise<'requested' | 'already-awarded'> {
    const scope = scopeOf(actor);
    if ((await awards.find(scope, input.id)) === undefined) {
      const { award, unsigned } = await prepare(dependencies, scope, input);
      fault('award.prepared');
      const added = await awards.add(award, JSON.stringify(unsigned));
      fault('award.written');
      if (!added && (await awards.find(scope, input.id)) === undefined) return 'already-awarded';
    }
    await audit.record(actor, awardMade(input));
    await wake(input.id, decidePriority(input.source)).catch((error: unknown) => {
      log.warn({ award: input.id, error }, 'the queue did not answer; the outbox will ring again');
    });
    return 'requested';
  }

  /** A teacher awards without a submission: with evidence or a narrative, and results where there is a rubric. */
  async function awardDirectly(actor: Actor, input: DirectAward): Promise<Award> {
    assertCan(actor, 'awards.create');
    const scope = scopeOf(actor);
    const [organization, learner, version] = await Promise.all([
      organizations.find(scope.organization),
      people.find(scope, input.learner),
      versions.findCurrent(scope, input.achievement),
    ]);
    if (learner?.roles.includes('learner') !== true) throw notFound('learner');
    if (version === undefined) throw notFound('achievement');
    assertAwardable(actor, input, { version, policy: organization?.policy ?? defaultPolicy });
    if (await hasLive(scope, learner.id, version.achievement)) throw awardExists();
    const { overrideReason } = input;
    if (overrideReason === undefined) await bossGate.assertOpen(scope, learner.id, version);
    const source = defined({ kind: 'direct' as const, overrideReason });
    const decision = { version, source, awardedBy: actor.id, awardedAt: now() };
    const decided = requestOf(input, decision);
    if ((await request(actor, decided)) === 'already-awarded') throw awardExists();
    return getAward(scope, decided.id);
  }

  async function getAward(scope: Scope, id: string): Promise<Award> {
    const award = await awards.find(scope, id);
    if (award === undefined) throw notFound('award');
    return award;
  }

  async function hasLive(scope: Scope, learner: string, achievement: string): Promise<boolean> {
    return (await awards.findLive(scope, learner, achievement)) !== undefined;
  }
}

/** Reads what the draft of the award is made of, and takes its places on the status lists. */
async function prepare(
  { organizations, people, versions, keys: signingKeys, statusLists, urls, now }: Dependencies,
  scope: Scope,
  input: AwardRequest,
): Promise<AwardDraft> {
  const [organization, learner, version] = await Promise.all([
    organizations.find(scope.organization),
    people.find(scope, input.learner),
    versions.findVersion(scope, input.achievement, input.version),
  ]);
  if (organization === undefined) throw notFound('organization');
  if (learner === undefined) throw notFound('learner');
  if (version === undefined) throw notFound('achievement');
  const [keys, status] = await Promise.all([
    signingKeys.currentKeys(scope.organization),
    statusLists.reserveEntries(scope, input.credential),
  ]);
  const parts = { organization, learner, version, keys, status, urls, now: now() };
  const draft = draftAward(input, parts);
  // An approval stands: should it be unsignable, its issuance fails where staff see it.
  if (input.source.kind === 'direct') assertSignable(draft.unsigned);
  return draft;
}
