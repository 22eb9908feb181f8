import type { AchievementVersion } from '../domain/achievements.ts';
import type { HeldAward, LevelGrounds, Support } from '../domain/awards.ts';
import type { CertifyingRule, LevelDecision, ResolvedRule } from '../domain/level-rules.ts';
import { scopeOf, type Actor, type Scope } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { ServiceError } from '../shared/errors.ts';
import { newId, newRandomId, sha256 } from '../shared/ids.ts';
import type { CredentialStore } from '../storage/credentials.ts';
import type { AchievementVersions, AwardService } from './awards.ts';
import type { AwardRequest } from './award-drafts.ts';

/** A learner who has reached a level, with what it was decided by. */
export interface Reached {
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
  readonly learner: string;
  readonly decision: LevelDecision;
  readonly held: readonly HeldAward[];
}

interface Dependencies {
  readonly credentials: Pick<CredentialStore, 'findMany'>;
  readonly versions: Pick<AchievementVersions, 'findCurrent'>;
  readonly requestAward: AwardService['request'];
  readonly now: Clock;
}

export type LevelCertifier = ReturnType<typeof createLevelCertifier>;

/** Makes the award of a level. Twice at once is once: a learner holds a level once. */
export function createLevelCertifier({ credentials, versions, requestAward, now }: Dependencies) {
  return { certify, findVersion };

  /** The level achievement as it is awarded now; nothing when it is retired. */
  async function findVersion(
    scope: Scope,
    { achievement }: Pick<CertifyingRule, 'achievement'>,
  ): Promise<AchievementVersion | undefined> {
    return versions.findCurrent(scope, achievement);
  }

  /** The id of the award; nothing when it is there already, or the learner has left the school. */
  async function certify(
    actor: Actor,
    reached: Reached,
    version: AchievementVersion,
  ): Promise<string | undefined> {
    const { rule, learner, decision } = reached;
    const request: AwardRequest = {
      id: newId(),
      credential: newRandomId(),
      learner,
      achievement: rule.achievement,
      version: version.number,
      source: { kind: 'rule', rule: rule.id, by: actor.kind },
      awardedBy: actor.id,
      awardedAt: now(),
      evidence: [],
      results: [],
      grounds: {
        share: decision.share,
        boss: decision.bosses.length > 0,
        supports: await readSupports(scopeOf(actor), reached),
      },
    };
    try {
      return (await requestAward(actor, request)) === 'requested' ? request.id : undefined;
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'learner.not_found') return undefined;
      throw error;
    }
  }

  async function readSupports(
    scope: Scope,
    { resolved, decision, held }: Reached,
  ): Promise<LevelGrounds['supports']> {
    const wanted = new Set([...decision.earned, ...resolved.mustHave, ...decision.bosses]);
    const awards = held.filter(({ achievement, issued }) => issued && wanted.has(achievement));
    const ids = awards.map(({ credential }) => credential);
    const found = new Map((await credentials.findMany(scope, ids)).map((one) => [one.id, one]));
    return awards.flatMap(({ award, credential, achievement }): readonly Support[] => {
      const signed = found.get(credential);
      if (signed === undefined) return [];
      const { name } = JSON.parse(signed.document) as { name: string };
      return [{ award, credential, achievement, name, sha256: sha256(signed.document) }];
    });
  }
}
