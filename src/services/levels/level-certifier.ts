import type { AchievementVersion } from '../../domain/achievements.ts';
import {
  decidePriority,
  type HeldAward,
  type Priority,
  type Support,
} from '../../domain/awards.ts';
import type { CertifyingRule, LevelDecision, ResolvedRule } from '../../domain/level-rules.ts';
import { scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import { newId, newRandomId, sha256 } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { CredentialStore } from '../../storage/credentials.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { AuditService } from '../audit.ts';
import { draftAwards, type BatchDependencies } from '../awards/award-batches.ts';
import { awardMade, type AwardRequest } from '../awards/award-drafts.ts';
import type { AchievementVersions } from '../awards/awards.ts';

/** A learner who has reached a level, with what it was decided by. */
export interface Reached {
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
  readonly learner: string;
  readonly decision: LevelDecision;
  readonly held: readonly HeldAward[];
}

/** Learners at once: the credentials that their levels rest on are in memory together. */
const batchSize = 25;

interface Dependencies extends BatchDependencies {
  readonly awards: Pick<AwardStore, 'addMany'>;
  readonly credentials: Pick<CredentialStore, 'findMany'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly versions: Pick<AchievementVersions, 'findCurrent'>;
  readonly audit: AuditService;
  /** Rings for the signer. May fail: the outbox rings again. */
  readonly wakeMany: (awards: readonly string[], priority: Priority) => Promise<void>;
  readonly log: Log;
}

export type LevelCertifier = ReturnType<typeof createLevelCertifier>;

/** Makes the awards of a level. Twice at once is once: a learner holds a level once. */
export function createLevelCertifier(dependencies: Dependencies) {
  const { awards, organizations, versions, audit, wakeMany, log, now } = dependencies;

  return { certify, findVersion };

  /** The level achievement as it is awarded now; nothing when it is retired. */
  async function findVersion(
    scope: Scope,
    { achievement }: Pick<CertifyingRule, 'achievement'>,
  ): Promise<AchievementVersion | undefined> {
    return versions.findCurrent(scope, achievement);
  }

  /** The ids of the awards; none for those who have it already, or have left the school. */
  async function certify(
    actor: Actor,
    reached: readonly Reached[],
    version: AchievementVersion,
  ): Promise<readonly string[]> {
    const made: string[] = [];
    for (let start = 0; start < reached.length; start += batchSize) {
      made.push(...(await certifySome(actor, reached.slice(start, start + batchSize), version)));
    }
    return made;
  }

  async function certifySome(
    actor: Actor,
    reached: readonly Reached[],
    version: AchievementVersion,
  ): Promise<readonly string[]> {
    const scope = scopeOf(actor);
    const organization = await organizations.find(scope.organization);
    if (organization === undefined) throw notFound('organization');
    const supports = await readSupports(dependencies, scope, reached);
    const requests = reached.map((one) => ({
      version,
      request: toRequest(actor, one, { version, supports, at: now() }),
    }));
    const drafts = await draftAwards(dependencies, scope, organization, requests);
    const added = await awards.addMany(drafts);
    const made = drafts.flatMap(({ award }) => (added.has(award.id) ? [award] : []));
    const [first] = made;
    if (first === undefined) return [];
    await audit.recordMany(actor, made.map(awardMade));
    await wakeMany([...added], decidePriority(first.source)).catch((error: unknown) => {
      log.warn({ error }, 'the queue did not answer; the outbox will ring again');
    });
    return [...added];
  }
}

function toRequest(
  actor: Actor,
  { rule, resolved, learner, decision, held }: Reached,
  given: {
    readonly version: AchievementVersion;
    readonly supports: ReadonlyMap<string, Support>;
    readonly at: Date;
  },
): AwardRequest {
  const { version, supports, at } = given;
  return {
    id: newId(),
    credential: newRandomId(),
    learner,
    achievement: rule.achievement,
    version: version.number,
    source: { kind: 'rule', rule: rule.id, by: actor.kind },
    awardedBy: actor.id,
    awardedAt: at,
    evidence: [],
    results: [],
    grounds: {
      share: decision.share,
      boss: decision.bosses.length > 0,
      supports: listSupporting({ resolved, decision, held }).flatMap(
        ({ credential }) => supports.get(credential) ?? [],
      ),
    },
  };
}

/** What the level rests on, as far as it is signed. */
function listSupporting({
  resolved,
  decision,
  held,
}: Pick<Reached, 'resolved' | 'decision' | 'held'>): readonly HeldAward[] {
  const wanted = new Set([...decision.earned, ...resolved.mustHave, ...decision.bosses]);
  return held.filter(({ achievement, issued }) => issued && wanted.has(achievement));
}

/** By credential. */
async function readSupports(
  { credentials }: Pick<Dependencies, 'credentials'>,
  scope: Scope,
  reached: readonly Reached[],
): Promise<ReadonlyMap<string, Support>> {
  const awards = reached.flatMap(listSupporting);
  const ids = awards.map(({ credential }) => credential);
  const found = new Map((await credentials.findMany(scope, ids)).map((one) => [one.id, one]));
  return new Map(
    awards.flatMap(({ award, credential, achievement }): readonly [string, Support][] => {
      const signed = found.get(credential);
      if (signed === undefined) return [];
      const { name } = JSON.parse(signed.document) as { name: string };
      const support = {
        ...{ award, credential, achievement, name },
        sha256: sha256(signed.document),
      };
      return [[credential, support]];
    }),
  );
}
