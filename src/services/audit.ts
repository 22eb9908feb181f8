import { findChainFault, type AuditEvent } from '../domain/audit.ts';
import { assertCan, scopeOf, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import { newId } from '../shared/ids.ts';
import type { AuditEventStore } from '../storage/audit-events.ts';
import type { OrganizationStore } from '../storage/organizations.ts';

export interface AuditEntry {
  readonly action: string;
  readonly subject: string;
  readonly reason?: string | undefined;
  readonly details?: AuditEvent['details'];
  /** Names the decision, so that recording it again after a crash changes nothing. */
  readonly key?: string;
}

type Decider = Pick<Actor, 'kind' | 'id' | 'organization'>;

export type AuditService = ReturnType<typeof createAuditService>;

export function createAuditService({
  auditEvents,
  organizations,
  log,
  now,
}: {
  auditEvents: AuditEventStore;
  organizations: OrganizationStore;
  log: Log;
  now: Clock;
}) {
  return { record, recordMany, list, verify };

  /** Records a decision that `actor` made in their organization, and tells the log of it. */
  async function record(actor: Decider, entry: AuditEntry): Promise<void> {
    await recordMany(actor, [entry]);
  }

  /** Many decisions of one actor, in this order. */
  async function recordMany(actor: Decider, entries: readonly AuditEntry[]): Promise<void> {
    const { organization, kind, id } = actor;
    const added = await auditEvents.append(
      organization,
      entries.map((entry) => ({
        organization,
        at: now(),
        actor: { kind, id },
        action: entry.action,
        subject: entry.subject,
        ...(entry.reason === undefined ? {} : { reason: entry.reason }),
        details: entry.details ?? {},
        key: entry.key ?? newId(),
      })),
    );
    for (const { action, subject } of added)
      log.info({ event: action, organization, actor: `${kind}:${id}`, subject }, 'decided');
  }

  async function list(actor: Actor, page: { limit: number; cursor?: string | undefined }) {
    assertCan(actor, 'audit.read');
    const before = page.cursor === undefined ? undefined : Number(page.cursor);
    const found = await auditEvents.list(scopeOf(actor), { limit: page.limit + 1, before });
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    return found.length > page.limit && last !== undefined
      ? { items, next: String(last.sequence) }
      : { items };
  }

  /** Walks every organization's chain: how many events it has, when the last was, and the first fault, if there is one. */
  async function verify(): Promise<
    readonly { organization: string; events: number; last?: Date; fault?: string }[]
  > {
    const reports = [];
    for (const organization of await organizations.list())
      reports.push(await verifyChain(organization.id));
    return reports;
  }

  async function verifyChain(organization: string) {
    let previous: AuditEvent | undefined;
    let events = 0;
    for await (const event of auditEvents.each(scopeOf({ organization }))) {
      const fault = findChainFault(event, previous);
      if (fault !== undefined) return { organization, events, fault };
      previous = event;
      events += 1;
    }
    return { organization, events, ...(previous && { last: previous.at }) };
  }
}
