import { Worker } from 'node:worker_threads';
import { ServiceError } from '../../shared/errors.ts';
import type { KeyDriver, MadeKey } from './driver.ts';
import type { Ask, Reply, SignerSettings } from './signer-worker.ts';

export interface SignerThread extends KeyDriver, AsyncDisposable {
  /** Resolves when the thread has what it needs to sign; rejects with what is wrong. */
  opened(): Promise<void>;
}

interface SignerOptions {
  readonly timeoutMs?: number;
  /** The thread ended by itself. */
  readonly onLost?: (willRestart: boolean) => void;
  /** How a thread is started: whoever hands in their own can end it. */
  readonly start?: typeof startSigner;
}

/** More than any signature takes, that of a slow signing service included. */
const limitMs = 20_000;

function unavailable(code: string, message: string): ServiceError {
  return new ServiceError('unavailable', code, message);
}

/** What no longer holds a secret after the thread has it: then there is no second start. */
function isRepeatable({ kek, transit }: SignerSettings): boolean {
  return !('text' in kek) && !(transit && 'text' in transit.token);
}

/**
 * Starts the thread that signs. Here no key and no token is kept: settings that hold one are handed over and forgotten.
 * A thread that ends by itself is started again for the next question, unless its secrets came as text.
 */
export function createSignerThread(
  given: SignerSettings,
  { timeoutMs = limitMs, onLost = () => undefined, start = startSigner }: SignerOptions = {},
): SignerThread {
  const again = isRepeatable(given) ? given : undefined;
  const questions = createQuestions(timeoutMs);
  let isOver = false;
  let worker: Worker | undefined = open(given);

  function open(settings: SignerSettings): Worker {
    const made = start(settings);
    made.on('message', ({ id, ...reply }: Reply & { id: number }) => {
      questions.settle(id, reply);
      if (questions.isEmpty()) made.unref();
    });
    // Why it ended is told by 'exit'; unheard, an error would end the process.
    made.on('error', () => undefined);
    made.once('exit', () => {
      worker = undefined;
      questions.drop();
      if (!isOver) onLost(again !== undefined);
    });
    made.unref();
    return made;
  }

  async function call(ask: Ask): Promise<unknown> {
    if (isOver) throw unavailable('key.signer_stopped', 'This server is stopping.');
    worker ??= again && open(again);
    if (worker === undefined) {
      const message = 'The thread that signs has ended. Start Cairn again.';
      throw unavailable('key.signer_stopped', message);
    }
    const thread = worker;
    return questions.ask((id) => {
      // A command waits for its signature, although nothing else keeps the process.
      thread.ref();
      thread.postMessage({ id, ...ask });
    });
  }

  return {
    opened: async () => {
      await call({ what: 'open' });
    },
    create: async (organization, kind) =>
      (await call({ what: 'create', organization, kind })) as MadeKey,
    sign: async (key, data) =>
      // Copied, so that what is sent is the data and not all of the memory around it.
      (await call({ what: 'sign', key, data: new Uint8Array(data) })) as Uint8Array,
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      await worker?.terminate();
    },
  };
}

/** Questions that wait for their answers, none of them for ever. */
function createQuestions(timeoutMs: number) {
  const waiting = new Map<number, (reply: Reply | ServiceError) => void>();
  let last = 0;

  return { ask, settle, drop, isEmpty: () => waiting.size === 0 };

  async function ask(send: (id: number) => void): Promise<unknown> {
    const id = (last += 1);
    const answered = new Promise<Reply | ServiceError>((resolve) => waiting.set(id, resolve));
    const timer = setTimeout(() => {
      settle(id, unavailable('key.signer_slow', 'Signing took too long. Please try again.'));
    }, timeoutMs);
    try {
      send(id);
      const reply = await answered;
      if (reply instanceof ServiceError) throw reply;
      if ('value' in reply) return reply.value;
      const { kind, code, message } = reply.error;
      throw new ServiceError(kind, code, message);
    } finally {
      waiting.delete(id);
      clearTimeout(timer);
    }
  }

  function settle(id: number, reply: Reply | ServiceError): void {
    waiting.get(id)?.(reply);
    waiting.delete(id);
  }

  /** Nobody is there to answer any more. */
  function drop(): void {
    const interrupted = 'Signing was interrupted. Please try again.';
    for (const id of [...waiting.keys()]) {
      settle(id, unavailable('key.signer_stopped', interrupted));
    }
  }
}

/** No environment, no flags, little memory. From sources the thread needs a loader for TypeScript. */
export function startSigner(workerData: SignerSettings): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = isSource ? './signer-worker-from-source.js' : './signer-worker.js';
  return new Worker(new URL(entry, import.meta.url), {
    name: 'signer',
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: isSource ? 128 : 32, maxYoungGenerationSizeMb: 1 },
  });
}
