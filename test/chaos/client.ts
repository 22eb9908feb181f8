import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, type Answered } from '../support/api.ts';

const deadlineMs = 180_000;

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

  return { approve, send };

  /** Undefined when there was no answer. */
  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered<T> | undefined> {
    const up = apis.filter(({ base }) => isUp(base));
    const api = up[(turn += 1) % up.length];
    return api?.send<T>(method, path, body, headers).catch(() => undefined);
  }

  async function approve(submission: string, approval: object): Promise<Approved> {
    const end = Date.now() + deadlineMs;
    const reviews = `/submissions/${submission}/reviews`;
    for (let tries = 1; Date.now() < end; tries += 1) {
      const from = performance.now();
      const headers = { 'idempotency-key': `approve-${submission}` };
      const answer = await send<Decided>('POST', reviews, approval, headers);
      const ms = performance.now() - from;
      if (answer?.status === 201) return { ...namesOf(answer.body), answered: true, tries, ms };
      if (answer?.status === 409) {
        const found = await lookUp(submission);
        if (found !== undefined) return { ...found, answered: false, tries, ms };
      } else if (answer !== undefined && answer.status !== 503) {
        throw new Error(`approving answered ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      await sleep(50 + Math.random() * 100);
    }
    throw new Error(`nobody knows what became of the approval of ${submission}`);
  }

  /** The request may have gone through although its answer did not. */
  async function lookUp(submission: string) {
    const answer = await send<Decided>('GET', `/submissions/${submission}`);
    return answer?.status === 200 && answer.body.state === 'decided'
      ? namesOf(answer.body)
      : undefined;
  }
}

function namesOf({ decisions }: Decided) {
  const [{ issuance, credential } = {}] = decisions;
  if (issuance === undefined || credential === undefined) {
    throw new Error('an approval without the ids of its issuance and credential');
  }
  return { issuance, credential };
}
