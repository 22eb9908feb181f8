import { sha256 } from '../shared/ids.ts';

/** One decision, for ever: who did what to what, when and why. Each event carries the hash of the one before. */
export interface AuditEvent {
  readonly organization: string;
  /** 1, 2, 3 … without a gap within the organization. */
  readonly sequence: number;
  readonly at: Date;
  readonly actor: { readonly kind: string; readonly id: string };
  /** `noun.verb`, for example `review.approved`. */
  readonly action: string;
  /** What it was done to: `noun:id`. */
  readonly subject: string;
  readonly reason?: string;
  /** Ids and counts only: no names, no contents. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** Makes a repeated entry of the same decision visible: one event per key. */
  readonly key: string;
  readonly previous: string;
  readonly hash: string;
}

export const firstPrevious = '0'.repeat(64);

/** SHA-256 over every field but the hash itself, in a fixed order. */
export function hashAuditEvent(event: Omit<AuditEvent, 'hash'>): string {
  const details = Object.entries(event.details).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(
    JSON.stringify([
      event.organization,
      event.sequence,
      event.at.toISOString(),
      event.actor.kind,
      event.actor.id,
      event.action,
      event.subject,
      event.reason ?? null,
      details,
      event.key,
      event.previous,
    ]),
  );
}

/** The first thing wrong with `event` as the successor of `previous` (undefined: it is the first), or nothing. */
export function findChainFault(
  event: AuditEvent,
  previous: Pick<AuditEvent, 'sequence' | 'hash'> | undefined,
): string | undefined {
  const expected = (previous?.sequence ?? 0) + 1;
  if (event.sequence !== expected) return `event ${expected} is missing`;
  if (event.previous !== (previous?.hash ?? firstPrevious)) {
    return `event ${event.sequence} does not follow the one before it`;
  }
  if (event.hash !== hashAuditEvent(event)) return `event ${event.sequence} was changed`;
  return undefined;
}
