import {
  findChainFault,
  firstPrevious,
  hashAuditEvent,
  type AuditEvent,
} from '../../../src/domain/audit.ts';

/** A chain of this many events, each over the hash of the one before. */
function buildChain(length: number): AuditEvent[] {
  const chain: AuditEvent[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const event = {
      organization: 'school',
      sequence,
      at: new Date(Date.UTC(2026, 10, 22, 9, 0, sequence)),
      actor: { kind: 'person', id: 'teacher' },
      action: 'review.approved',
      subject: `submission:${sequence}`,
      reason: 'Well done',
      details: { round: 1, override: false, achievement: 'a' },
      key: `review:${sequence}`,
      previous: chain.at(-1)?.hash ?? firstPrevious,
    };
    chain.push({ ...event, hash: hashAuditEvent(event) });
  }
  return chain;
}

/** The first fault that a walk along the chain meets. */
function walk(chain: readonly AuditEvent[]): string | undefined {
  for (const [index, event] of chain.entries()) {
    const fault = findChainFault(event, chain[index - 1]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

describe('the chain of decisions', () => {
  it('holds when nobody touched it', () => {
    expect(walk(buildChain(5))).toBeUndefined();
  });

  it('does not depend on the order in which details were written down', () => {
    const [event] = buildChain(1);
    if (event === undefined) throw new Error('no event');
    const details = Object.fromEntries(Object.entries(event.details).reverse());
    expect(hashAuditEvent({ ...event, details })).toBe(event.hash);
  });

  it.each<[string, Partial<AuditEvent>]>([
    ['school', { organization: 'other' }],
    ['time', { at: new Date(0) }],
    ['kind of actor', { actor: { kind: 'api-key', id: 'teacher' } }],
    ['actor', { actor: { kind: 'person', id: 'somebody else' } }],
    ['action', { action: 'review.declined' }],
    ['subject', { subject: 'submission:9' }],
    ['reason', { reason: 'Because' }],
    ['details', { details: { round: 2, override: false, achievement: 'a' } }],
    ['type of a detail', { details: { round: '1', override: false, achievement: 'a' } }],
    ['key', { key: 'review:9' }],
    ['hash', { hash: 'f'.repeat(64) }],
  ])('shows that the %s of an event was changed', (_what, change) => {
    const chain = buildChain(4);
    const tampered = chain.map((event, index) => (index === 1 ? { ...event, ...change } : event));
    expect(walk(tampered)).toBe('event 2 was changed');
  });

  it('shows a reason that was taken away', () => {
    const tampered = buildChain(2).map(({ reason: _reason, ...event }) => event);
    expect(walk(tampered)).toBe('event 1 was changed');
  });

  it.each([
    ['first', 0, 'event 1 is missing'],
    ['middle', 2, 'event 3 is missing'],
  ])('shows that the %s event is gone', (_which, index, fault) => {
    expect(walk(buildChain(5).toSpliced(index, 1))).toBe(fault);
  });

  it('shows that events changed places', () => {
    const [first, second, third] = buildChain(3);
    expect(walk([first, third, second].filter((event) => event !== undefined))).toBe(
      'event 2 is missing',
    );
  });

  it('shows an event that was written anew, hash and all, by the one after it', () => {
    const chain = buildChain(4);
    const forged = chain.map((event, index) => {
      if (index !== 1) return event;
      const other = { ...event, reason: 'Forged' };
      return { ...other, hash: hashAuditEvent(other) };
    });
    expect(walk(forged)).toBe('event 3 does not follow the one before it');
  });
});
