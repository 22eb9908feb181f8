/**
 * The places at which a tester may let a process die: before or after every step from an approval to its credential,
 * and of what else takes more than one write.
 */
const faultPoints = [
  'award.prepared',
  'award.written',
  'import.judged',
  'import.written',
  'import.audited',
  'issuance.claimed',
  'issuance.signing',
  'issuance.signed',
  'issuance.stored',
  'issuance.logged',
  'issuance.finished',
  'erasure.person',
  'erasure.revoked',
  'erasure.submissions',
  'erasure.files',
  'erasure.awards',
  'letter.claimed',
  'letter.sent',
  'levels.decided',
  'levels.redecided',
  'achievement.retired',
  'status.changed',
  'status.told',
  'key.prepared',
  'key.retired',
] as const;

export type FaultPoint = (typeof faultPoints)[number];

/** Called at every point that a process passes; outside of tests nothing happens there. */
export type Fault = (point: FaultPoint) => void;

export const noFault: Fault = () => undefined;

interface FaultRule {
  readonly point: FaultPoint;
  readonly probability: number;
  readonly kind: 'kill' | 'throw' | 'stall';
  readonly stallMs: number;
}

const form = /^([a-z.]+):([01]|0?\.\d{1,6})(?::(kill|throw|stall=(\d{1,6})))?$/;

/** `point:probability`, and `:throw` or `:stall=MS` where it is not to kill; a text says what is wrong with it. */
export function parseFault(text: string): FaultRule | string {
  const [, point = '', probability = '', kind = 'kill', stallMs = '0'] = form.exec(text) ?? [];
  if (point === '') {
    return `has ${text}, which is not point:probability (from 0 to 1), point:probability:throw or point:probability:stall=MS`;
  }
  if (!isPoint(point)) return `has no point ${point}; there are: ${faultPoints.join(', ')}`;
  return {
    point,
    probability: Number(probability),
    kind: kind.startsWith('stall') ? 'stall' : (kind as 'kill' | 'throw'),
    stallMs: Number(stallMs),
  };
}

function isPoint(name: string): name is FaultPoint {
  return faultPoints.some((point) => point === name);
}

/** What happens at which point, drawn by `random`. */
export function createFaults(rules: readonly FaultRule[], random: () => number): Fault {
  if (rules.length === 0) return noFault;
  return (point) => {
    for (const rule of rules) {
      if (rule.point === point && random() < rule.probability) happen(rule);
    }
  };
}

function happen({ point, kind, stallMs }: FaultRule): void {
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
  if (kind === 'throw') throw new Error(`FAULT at ${point}`);
  // Nothing else in this thread goes on meanwhile, as when the event loop is blocked.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
