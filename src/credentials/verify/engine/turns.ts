import type { ToWorker } from './messages.ts';
import type { Run } from './run.ts';

/** A run that was begun in a thread. */
export interface Begun {
  readonly run: Run;
  /** How many questions are not answered yet. */
  open: number;
  /** Handed over together, once there is no open question: while it waits, it computes nothing. */
  messages: ToWorker[];
}

/**
 * Lets one run at a time compute in a thread, so that it is known who keeps the thread busy, and for how long. While it
 * waits for answers it is others' turn.
 */
export function createTurns({
  busyMs,
  activeMs,
  onTurn,
  onOverrun,
  onNobody,
}: {
  /** How long one run may compute in all. */
  readonly busyMs: number;
  /** How long the thread has been computing since it began. */
  readonly activeMs: () => number;
  readonly onTurn: (begun: Begun) => void;
  readonly onOverrun: () => void;
  readonly onNobody: () => void;
}) {
  const line: Begun[] = [];
  let turn: { readonly of: Begun; readonly startedAt: number; watch: NodeJS.Timeout } | undefined;

  return {
    isNobodys: () => turn === undefined && line.length === 0,
    isOf: (begun: Begun | undefined) => begun !== undefined && turn?.of === begun,
    holder: () => turn?.of,
    /** The run can go on: now, or once those before it had their turn. */
    queue: (begun: Begun) => {
      line.push(begun);
      if (turn === undefined) next();
    },
    /** It is over, or waits. */
    release: (begun: Begun) => {
      const place = line.indexOf(begun);
      if (place >= 0) line.splice(place, 1);
      if (turn?.of !== begun) return;
      stop();
      next();
    },
    stop,
  };

  function next(): void {
    const begun = line.shift();
    if (begun === undefined) onNobody();
    else {
      turn = { of: begun, startedAt: activeMs(), watch: watch(begun) };
      onTurn(begun);
    }
  }

  function stop(): void {
    if (turn === undefined) return;
    clearTimeout(turn.watch);
    turn.of.run.busyMs += activeMs() - turn.startedAt;
    turn = undefined;
  }

  /** A thread is never busy for longer than time passes: only the earliest moment of an overrun has to be looked at. */
  function watch(begun: Begun, spentMs = 0): NodeJS.Timeout {
    const { run } = begun;
    const look = () => {
      if (turn?.of !== begun) return;
      const spent = activeMs() - turn.startedAt;
      if (run.busyMs + spent >= busyMs) onOverrun();
      else turn.watch = watch(begun, spent);
    };
    return setTimeout(look, Math.max(1, Math.ceil(busyMs - run.busyMs - spentMs)));
  }
}
