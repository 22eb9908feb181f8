import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { assertActive, buildFlag } from '../../domain/support-flags.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';
import type { AuditService } from '../audit.ts';
import {
  createSupportFlagViews,
  type SeenFlag,
  type SupportFlagViewDependencies,
} from './support-flag-views.ts';
import { describeRaised } from './support-job.ts';

interface Dependencies extends SupportFlagViewDependencies {
  readonly supportFlags: SupportFlagStore;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type SupportFlagService = ReturnType<typeof createSupportFlagService>;

export function createSupportFlagService(dependencies: Dependencies) {
  const { supportFlags, people, achievements, audit, now } = dependencies;
  const { list, get, see } = createSupportFlagViews(dependencies);

  return { raise, list, get, take, log, resolve, note };

  /** Somebody at school saw something that no rule sees. */
  async function raise(
    actor: Actor,
    input: { learner: string; text: string; achievement?: string | undefined },
  ): Promise<SeenFlag> {
    assertCan(actor, 'support.manage');
    const scope = scopeOf(actor);
    await assertLearner(scope, input.learner);
    const { learner, achievement, text } = input;
    if (achievement !== undefined) await assertAchievement(scope, achievement);
    const fact = {
      kind: 'by-hand' as const,
      ...(achievement === undefined ? {} : { achievement }),
    };
    const at = now();
    const log = [{ id: newId(), by: actor.id, at, text }];
    const names = { organization: actor.organization, learner };
    const flag = buildFlag(newId(), names, fact, { by: actor, at, log });
    if ((await supportFlags.addMany([flag])).size === 0) {
      throw conflict(
        'support_flag.exists',
        'There is a flag about this already: write into its log instead.',
      );
    }
    await audit.record(actor, describeRaised(flag));
    await supportFlags.markTold(scope, [flag.id]);
    return see(actor, flag);
  }

  /** From now on this person looks after it; somebody else may take it over. */
  async function take(actor: Actor, id: string): Promise<SeenFlag> {
    await getActive(actor, id);
    if (actor.kind !== 'person') {
      throw invalid(
        'support_flag.person_needed',
        'A flag is taken by a person: use the API key of somebody.',
      );
    }
    const flag = await supportFlags.take(scopeOf(actor), id, { owner: actor.id, at: now() });
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, { action: 'support-flag.taken', subject: `support-flag:${id}` });
    return see(actor, flag);
  }

  async function log(actor: Actor, id: string, text: string): Promise<SeenFlag> {
    await getActive(actor, id);
    const entry = { id: newId(), by: actor.id, at: now(), text };
    const flag = await supportFlags.addToLog(scopeOf(actor), id, entry);
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, {
      action: 'support-flag.logged',
      subject: `support-flag:${id}`,
      details: { entry: entry.id },
    });
    return see(actor, flag);
  }

  async function resolve(actor: Actor, id: string, outcome: string): Promise<SeenFlag> {
    await getActive(actor, id);
    const resolvedBy = { kind: actor.kind, id: actor.id };
    const changes = { resolvedAt: now(), resolvedBy, resolution: 'by-person', outcome } as const;
    const flag = await supportFlags.resolve(scopeOf(actor), id, changes);
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, {
      action: 'support-flag.resolved',
      subject: `support-flag:${id}`,
      details: { resolution: 'by-person' },
      key: `support-flag.resolved:${id}`,
    });
    return see(actor, flag);
  }

  /** A line of Cairn's own in the log of a flag that may be over by now. */
  async function note(scope: Scope, id: string, { by, text }: { by: string; text: string }) {
    await supportFlags.addToLog(scope, id, { id: newId(), by, at: now(), text });
  }

  /** A flag that may be worked on. Who may not is told so before anything about the flag is. */
  async function getActive(actor: Actor, id: string): Promise<void> {
    assertCan(actor, 'support.manage');
    const flag = await supportFlags.find(scopeOf(actor), id);
    if (flag === undefined) throw notFound('support_flag');
    assertActive(flag);
  }

  async function assertLearner(scope: Scope, id: string): Promise<void> {
    const person = await people.find(scope, id);
    if (person?.roles.includes('learner') !== true) throw notFound('learner');
  }

  async function assertAchievement(scope: Scope, id: string): Promise<void> {
    const [found] = await achievements.findMany(scope, [id]);
    if (found === undefined) throw notFound('achievement');
  }
}
