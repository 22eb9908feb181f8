import type { HeldAward } from '../../domain/awards.ts';
import { listTouching } from '../../domain/level-pools.ts';
import { decideLevel, type CertifyingRule, type ResolvedRule } from '../../domain/level-rules.ts';
import { scopeOf, systemActor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { LevelAwardStore, UndecidedAward } from '../../storage/level-awards.ts';
import type { AuditService } from '../audit.ts';
import { awardMade } from '../awards/award-drafts.ts';
import type { LevelDecisionService } from './level-decisions.ts';
import type { LevelRuleService } from './level-rules.ts';
import type { StackRules } from '../curriculum/stack-rules.ts';

const pageSize = 200;

interface Dependencies {
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly levelAwards: LevelAwardStore;
  readonly levelRules: Pick<LevelRuleService, 'listOn' | 'resolve'>;
  /** Credits and what pathways award, looked up like rules. */
  readonly stackRules: StackRules;
  readonly levelDecisions: LevelDecisionService;
  readonly audit: AuditService;
  readonly log: Log;
  readonly fault: Fault;
  readonly now: Clock;
}

/** A rule that is on, with what can change its outcome. */
interface Watched {
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
  readonly touching: ReadonlySet<string>;
}

export type LevelSweep = ReturnType<typeof createLevelSweep>;

/**
 * After every issuance and every revocation the learner's levels are decided anew. The award itself says that this is
 * still to be done, from the same update on; so nothing is lost, whatever dies.
 */
export function createLevelSweep(dependencies: Dependencies) {
  const { levelAwards, log, fault } = dependencies;

  return { settleDue };

  async function settleDue(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const found = await levelAwards.listUndecided(pageSize, after);
      for (const organization of new Set(found.map((award) => award.organization))) {
        const own = found.filter((award) => award.organization === organization);
        await settleLater(scopeOf({ organization }), own);
      }
      after = found.at(-1)?.undecided;
      if (found.length < pageSize) return;
    }
  }

  /** Should it fail for one school, the others go on, and the next sweep tries again. */
  async function settleLater(scope: Scope, marked: readonly UndecidedAward[]): Promise<void> {
    try {
      await settle(dependencies, scope, marked);
      fault('levels.decided');
      await levelAwards.clearUndecided(marked.map(({ undecided }) => undecided));
    } catch (error) {
      const { organization } = scope;
      log.warn({ event: 'levels.undecided', organization, error }, 'the next sweep decides');
    }
  }
}

async function settle(
  dependencies: Dependencies,
  scope: Scope,
  marked: readonly UndecidedAward[],
): Promise<void> {
  const { awards, levelDecisions, audit } = dependencies;
  // Whoever certified may have died before the audit log knew.
  for (const award of marked) {
    if (award.source.kind !== 'rule' || award.state !== 'live') continue;
    const { by } = award.source;
    await audit.record({ ...scope, kind: by, id: award.awardedBy }, awardMade(award));
  }
  const watched = await watch(dependencies, scope);
  const concerned = watched.filter(({ touching }) =>
    marked.some(({ achievement }) => touching.has(achievement)),
  );
  if (concerned.length === 0) return;
  const held = await awards.listHeld(scope, [...new Set(marked.map(({ learner }) => learner))]);
  for (const one of concerned) {
    const touched = marked.filter(({ achievement }) => one.touching.has(achievement));
    const learners = [...new Set(touched.map(({ learner }) => learner))];
    await levelDecisions.decide(scope, { ...one, learners, held });
    await flagLost(dependencies, scope, { ...one, touched, held });
  }
}

async function watch(
  { levelRules, stackRules }: Pick<Dependencies, 'levelRules' | 'stackRules'>,
  scope: Scope,
): Promise<readonly Watched[]> {
  const rules = await levelRules.listOn(scope);
  const found = await levelRules.resolve(scope, rules);
  const levels = rules.flatMap((rule) => {
    const resolved = found.get(rule.id);
    return resolved === undefined ? [] : [{ rule, resolved }];
  });
  return [...levels, ...(await stackRules.listResolved(scope))].map((one) => ({
    ...one,
    touching: listTouching(one.resolved),
  }));
}

/** A level that rests on what was revoked, and does not hold without it, is a person's decision. */
async function flagLost(
  { levelAwards, audit, now }: Dependencies,
  scope: Scope,
  {
    rule,
    resolved,
    touched,
    held,
  }: Watched & {
    readonly touched: readonly UndecidedAward[];
    readonly held: ReadonlyMap<string, readonly HeldAward[]>;
  },
): Promise<void> {
  for (const lost of touched.filter(({ state }) => state === 'revoked')) {
    const own = held.get(lost.learner) ?? [];
    const level = own.find(({ achievement }) => achievement === rule.achievement);
    const all = new Set(own.map(({ achievement }) => achievement));
    if (level === undefined || decideLevel(resolved, all).holds) continue;
    const [award] = await levelAwards.findOf(scope, [level.award]);
    const isSupport = award?.grounds?.supports.some((support) => support.award === lost.id);
    if (isSupport !== true && resolved.previous !== lost.achievement) continue;
    await levelAwards.markLost(scope, level.award, { at: now(), award: lost.id, open: true });
    await audit.record(systemActor(scope.organization), {
      action: 'level.support-lost',
      subject: `award:${level.award}`,
      details: { award: lost.id, achievement: lost.achievement, rule: rule.id },
      key: `level.support-lost:${level.award}:${lost.id}`,
    });
  }
}
