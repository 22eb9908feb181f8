import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, type Answered } from '../support/api.ts';

/** Longer than the lease of an Idempotency-Key whose process died. */
const deadlineMs = 300_000;

interface Decided {
  readonly state: string;
  readonly decisions: readonly { readonly issuance?: string; readonly credential?: string }[];
  readonly code?: string;
}

/** What somebody who approved knows of it in the end. */
export interface Approved {
  readonly issuance: string;
  readonly credential: string;
  /** The answer said so itself; false when it never came and was looked up. */
  readonly answered: boolean;
  readonly tries: number;
  /** Some attempt had no answer, or another one than it should; that the store was busy does not count. */
  readonly isDropped: boolean;
  /** Of the attempt that was answered. */
  readonly ms: number;
}

/** Somebody with a key who asks again, under the same Idempotency-Key, until they know what became of it. */
export function createClient(
  bases: readonly string[],
  key: string,
  isUp: (base: string) => boolean = () => true,
) {
  const apis = bases.map((base) => ({ base, ...createApi(base, key) }));
  let turn = 0;

  return { approve, send, sendUntilHeard };

  /** Undefined when there was no answer. */
  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered<T> | undefined> {
    const up = apis.filter(({ base }) => isUp(base));
    const api = up[(turn += 1) % up.length];
    // On a connection of its own: one that nobody used for seconds may be closed from the other side at any moment.
    const own = { ...headers, connection: 'close' };
    return api?.send<T>(method, path, body, own).catch(() => undefined);
  }

  async function approve(submission: string, approval: object): Promise<Approved> {
    const end = Date.now() + deadlineMs;
    const reviews = `/submissions/${submission}/reviews`;
    let [isDropped, wasBusy, keys] = [false, false, 1];
    for (let tries = 1; Date.now() < end; tries += 1) {
      await someoneUp(end);
      const from = performance.now();
      const headers = { 'idempotency-key': `approve-${submission}-${keys}` };
      const answer = await send<Decided>('POST', reviews, approval, headers);
      const ms = performance.now() - from;
      const told = { tries, ms, isDropped };
      if (answer?.status === 201) return { ...namesOf(answer.body), ...told, answered: true };
      isDropped ||= !isRight(answer, wasBusy);
      wasBusy ||= isBusy(answer);
      const found = await lookUp(answer, submission);
      if (found !== undefined) return { ...found, ...told, isDropped, answered: false };
      // Nobody knows, so a person looks, sees that it was not approved, and starts anew.
      if (answer?.body.code === 'idempotency.unknown') keys += 1;
      await sleep(50 + Math.random() * 100);
    }
    throw new Error(`nobody knows what became of the approval of ${submission}`);
  }

  async function someoneUp(end: number): Promise<void> {
    while (!bases.some(isUp) && Date.now() < end) await sleep(20);
  }

  /** Asks again, by whoever's turn it is, as long as the store is too busy to answer. */
  async function sendUntilHeard<T extends { readonly code?: string }>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answered<T> & { readonly wasBusy: boolean }> {
    const end = Date.now() + deadlineMs;
    for (let wasBusy = false; Date.now() < end; wasBusy = true) {
      const answer = await send<T>(method, path, body);
      if (answer === undefined) throw new Error(`${method} ${path} was not answered`);
      if (!isBusy(answer)) return { ...answer, wasBusy };
      await sleep(50 + Math.random() * 100);
    }
    throw new Error(`${method} ${path}: the store was always busy`);
  }

  /** A request may have gone through although its answer did not. */
  async function lookUp(refusal: Answered<Decided> | undefined, submission: string) {
    if (refusal?.status !== 409) return undefined;
    const answer = await send<Decided>('GET', `/submissions/${submission}`);
    return answer?.status === 200 && answer.body.state === 'decided'
      ? namesOf(answer.body)
      : undefined;
  }
}

/** On a slow machine the store may be too busy for an answer in time: whoever asks is told to come again. */
const isBusy = (answer: Answered<{ readonly code?: string }> | undefined) =>
  answer?.status === 503 && answer.body.code === 'store.unavailable';

/** Busy, or what follows from that: whoever asks again is told that it was decided or that nobody knows. */
function isRight(answer: Answered<Decided> | undefined, wasBusy: boolean): boolean {
  if (answer !== undefined && answer.status !== 503 && answer.status !== 409) {
    throw new Error(`approving answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return isBusy(answer) || (answer?.status === 409 && wasBusy);
}

function namesOf({ decisions }: Decided) {
  const [{ issuance, credential } = {}] = decisions;
  if (issuance === undefined || credential === undefined) {
    throw new Error('an approval without the ids of its issuance and credential');
  }
  return { issuance, credential };
}
