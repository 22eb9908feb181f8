import { Worker } from 'node:worker_threads';
import type { EngineLimits } from './limits.ts';
import { settle, unsettle, type FromWorker, type Settled, type ToWorker } from './messages.ts';
import { broken, outOfBounds, type Run } from './run.ts';
import { createTurns, type Begun } from './turns.ts';

export type Thread = ReturnType<typeof startThread>;

interface Ending {
  readonly orphans: readonly Run[];
  readonly how: 'never ready' | 'in the middle of a run' | 'idle';
}

interface Events {
  /** Ready, or nobody computes at this moment: there may be room for another run. */
  readonly onRoom: () => void;
  /** The thread is no more. `orphans` had begun in it and have to begin again elsewhere. */
  readonly onEnd: (end: Ending) => void;
}

/** What is asked of a worker here. */
export type SpawnedWorker = Pick<Worker, 'on' | 'postMessage' | 'ref' | 'unref' | 'terminate'> & {
  readonly performance: Pick<Worker['performance'], 'eventLoopUtilization'>;
};

/** A thread in which one verification at a time computes, while others wait for what they asked. */
export function startThread(limits: EngineLimits, { onRoom, onEnd }: Events, spawn = spawnWorker) {
  const worker = spawn(limits.heapMegabytes);
  const runs = new Map<number, Begun>();
  let state: 'starting' | 'ready' | 'ended' = 'starting';
  let idle: NodeJS.Timeout | undefined;
  const turns = createTurns({
    busyMs: limits.busyMs,
    activeMs: () => worker.performance.eventLoopUtilization().active,
    onTurn: hand,
    onOverrun: () => {
      kill(outOfBounds());
    },
    onNobody: () => {
      rest();
      onRoom();
    },
  });

  listen(worker, { onMessage: receive, onFailure: kill });

  return {
    isReady: () => state === 'ready',
    /** Whether another run can begin here now. */
    isFree: () => state === 'ready' && turns.isNobodys() && runs.size < limits.runsPerThread,
    begin: (run: Run) => {
      const begun = { run, open: 0, messages: [beginning(run)] };
      run.starts += 1;
      runs.set(run.id, begun);
      clearTimeout(idle);
      worker.ref();
      turns.queue(begun);
    },
    /** Ends a run that took too long in all. */
    giveUp: ({ id }: Run) => {
      const begun = runs.get(id);
      if (begun === undefined) return;
      // Whose turn it is may never give it back.
      if (turns.isOf(begun)) kill(broken());
      else {
        forget(begun);
        worker.postMessage({ type: 'forget', run: id } satisfies ToWorker);
        rest();
      }
    },
    end: async () => {
      kill(broken());
      await worker.terminate();
    },
  };

  function receive(message: FromWorker): void {
    if (message.type === 'ready') {
      state = 'ready';
      rest();
      onRoom();
      return;
    }
    const begun = runs.get(message.run);
    if (begun === undefined) return;
    if (message.type === 'ask') {
      void answer(begun, message).then(() => {
        if (begun.open === 0 && runs.get(message.run) === begun) turns.queue(begun);
      });
      turns.release(begun);
    } else {
      finish(begun.run, message.settled);
      forget(begun);
    }
  }

  function hand(begun: Begun): void {
    try {
      for (const message of begun.messages.splice(0)) worker.postMessage(message);
    } catch {
      begun.run.fail(outOfBounds());
      forget(begun);
    }
  }

  function forget(begun: Begun): void {
    runs.delete(begun.run.id);
    turns.release(begun);
  }

  /** Answers whose turn it was with the problem; the others are not to blame. */
  function kill(problem: Error): void {
    if (state === 'ended') return;
    const guilty = turns.holder()?.run;
    const how = state === 'starting' ? 'never ready' : guilty ? 'in the middle of a run' : 'idle';
    state = 'ended';
    clearTimeout(idle);
    turns.stop();
    const orphans = [...runs.values()].map(({ run }) => run).filter((run) => run !== guilty);
    runs.clear();
    void worker.terminate();
    guilty?.fail(problem);
    onEnd({ orphans, how });
  }

  /** A thread without work does not keep the process alive, and ends after a while. */
  function rest(): void {
    if (runs.size > 0 || state !== 'ready') return;
    worker.unref();
    clearTimeout(idle);
    idle = setTimeout(() => {
      kill(broken());
    }, limits.idleMs).unref();
  }
}

/** From sources the thread needs a loader for TypeScript; compiled, it needs none. It sees nothing of our environment. */
function spawnWorker(heapMegabytes: number): SpawnedWorker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './worker-from-source.js' : './worker.js', import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 };
  return new Worker(entry, { resourceLimits, env: {}, execArgv: [] });
}

function listen(
  worker: SpawnedWorker,
  events: {
    readonly onMessage: (message: FromWorker) => void;
    readonly onFailure: (problem: Error) => void;
  },
): void {
  worker.on('message', events.onMessage);
  worker.on('messageerror', () => {
    events.onFailure(outOfBounds());
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    events.onFailure(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfBounds() : broken());
  });
  worker.on('exit', () => {
    events.onFailure(broken());
  });
}

function beginning({ id, task, input, now, functions, given }: Run): ToWorker {
  return { type: 'run', run: id, task, input, now, asked: [...functions.keys()], given };
}

async function answer(
  begun: Begun,
  { run, question, name, values }: Extract<FromWorker, { type: 'ask' }>,
): Promise<void> {
  begun.open += 1;
  const settled = await settle(() => begun.run.functions.get(name)?.(...values));
  begun.open -= 1;
  begun.messages.push({ type: 'answer', run, question, settled });
}

function finish(run: Run, settled: Settled): void {
  try {
    run.succeed(unsettle(settled));
  } catch (error) {
    run.fail(error as Error);
  }
}
