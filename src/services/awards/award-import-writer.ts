import type { Award } from '../../domain/awards.ts';
import type { Organization } from '../../domain/organizations.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import type { LiveAward } from '../../storage/awards.ts';
import type { AuditService } from '../audit.ts';
import { draftAwards, type BatchDependencies, type WritableAward } from './award-batches.ts';
import { awardMade, requestOf } from './award-drafts.ts';
import type { PlanDependencies, PlannedRow } from './award-import-plan.ts';

export interface WriterDependencies extends PlanDependencies, BatchDependencies {
  readonly people: PlanDependencies['people'];
  readonly audit: AuditService;
  /** Rings for the signer, after whoever waits for a single badge. May fail: the outbox rings again. */
  readonly wakeMany: (awards: readonly string[]) => Promise<void>;
  readonly log: Log;
  readonly fault: Fault;
}

type Ready = Extract<PlannedRow, { state: 'ready' }>;

/** What became of one row. */
export type WrittenRow =
  | Exclude<PlannedRow, Ready>
  | { readonly line: number; readonly state: 'awarded'; readonly award: Pick<Award, 'id'> };

interface Draft extends WritableAward {
  readonly line: number;
}

/**
 * Awards rows that were found right, all of them with few commands: first the awards, then the audit log, then the
 * queue. Whatever is missing after a crash, the same sheet brings.
 */
export function createAwardWriter(dependencies: WriterDependencies) {
  const { awards, audit, wakeMany, log, fault, now } = dependencies;

  return async (
    actor: Actor,
    organization: Organization,
    rows: readonly PlannedRow[],
  ): Promise<readonly WrittenRow[]> => {
    const drafts = await draft(
      actor,
      organization,
      rows.filter((row) => row.state === 'ready'),
    );
    const added = await awards.addMany(drafts);
    fault('import.written');
    const made = drafts.filter(({ award }) => added.has(award.id)).map(({ award }) => award);
    const earlier = rows.flatMap((row) => (row.state === 'held' ? [row.award] : []));
    const unknown = earlier.filter((award) => isOwnImport(award, actor));
    await audit.recordMany(actor, [...unknown, ...made].map(awardMade));
    fault('import.audited');
    await wakeMany([...added]).catch((error: unknown) => {
      log.warn({ error }, 'the queue did not answer; the outbox will ring again');
    });
    const byLine = new Map(drafts.map((one) => [one.line, one]));
    return Promise.all(
      rows.map(async (row) => (row.state === 'ready' ? tell(byLine.get(row.line), row) : row)),
    );

    async function tell(one: Draft | undefined, { line }: Ready): Promise<WrittenRow> {
      if (one === undefined) return learnerIsGone(line);
      const { award } = one;
      if (added.has(award.id)) return { line, state: 'awarded', award };
      const { learner, achievement } = award;
      const live = await awards.findLive(scopeOf(actor), learner, achievement);
      return { line, state: 'held', award: live ?? award };
    }
  };

  /** Who left the school meanwhile is left out. */
  async function draft(
    actor: Actor,
    organization: Organization,
    ready: readonly Ready[],
  ): Promise<readonly Draft[]> {
    const decision = { source: { kind: 'import' }, awardedBy: actor.id, awardedAt: now() } as const;
    const requests = ready.map(({ line, input, version }) => {
      return { line, version, request: requestOf(input, { version, ...decision }) };
    });
    const lines = new Map(requests.map(({ line, request }) => [request.id, line]));
    const drafts = await draftAwards(dependencies, scopeOf(actor), organization, requests);
    return drafts.map((one) => ({ ...one, line: lines.get(one.award.id) ?? 0 }));
  }
}

/** Made by an import of the same actor, which may have been cut short before the audit log knew of it. */
function isOwnImport({ source, awardedBy }: LiveAward, actor: Actor): boolean {
  return source.kind === 'import' && awardedBy === actor.id;
}

/** Erased between judging and writing. */
function learnerIsGone(line: number): WrittenRow {
  const message = 'is not at your school any more';
  return {
    line,
    state: 'failed',
    issues: [{ column: 'learner', code: 'learner.not_found', message }],
  };
}
