import type { Command } from 'commander';

export interface Progress {
  /** How far it is; never asks for more than a drawing now and then. */
  readonly to: (done: number) => void;
  readonly end: () => void;
}

/** How far something is, at one moment. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** Zero when nobody knows. */
  readonly total: number;
  readonly elapsedMs: number;
  /** `bytes` are shown in MB. */
  readonly unit: 'items' | 'bytes';
}

export interface ProgressOptions {
  readonly unit?: ProgressState['unit'];
  /** Nothing at all, as with `--json`. */
  readonly quiet?: boolean;
  readonly out?: NodeJS.WriteStream;
}

const barWidth = 24;
const redrawMs = 100;
const lineMs = 10_000;

/**
 * On a terminal a bar that is drawn over itself, elsewhere one line every ten seconds, so that a log stays readable.
 * All of it on standard error: standard output is for the answer.
 */
export function startProgress(
  label: string,
  total: number,
  { unit = 'items', quiet = false, out = process.stderr }: ProgressOptions = {},
): Progress {
  if (quiet) return { to: () => undefined, end: () => undefined };
  const isBar = out.isTTY;
  const started = performance.now();
  let done = 0;
  let drawn = started;

  const draw = (now: number) => {
    drawn = now;
    const line = formatProgress({ label, done, total, elapsedMs: now - started, unit });
    out.write(isBar ? `\r${line.slice(0, Math.max(out.columns - 1, 20))}\u001B[K` : `${line}\n`);
  };

  return {
    to: (reached) => {
      done = reached;
      const now = performance.now();
      if (now - drawn >= (isBar ? redrawMs : lineMs)) draw(now);
    },
    end: () => {
      if (!isBar) return;
      draw(performance.now());
      out.write('\n');
    },
  };
}

/** Whether the command was asked to answer machines. */
export function isQuiet(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** `signing  [######......]  512 / 2048  25 %  128/s  12 s left` */
export function formatProgress({ label, done, total, elapsedMs, unit }: ProgressState): string {
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const show = unit === 'bytes' ? showMegabytes : showCount;
  const rate = `${show(perSecond)}/s`;
  if (total <= 0) return [label, show(done), rate].join('  ');
  const share = Math.min(done / total, 1);
  const filled = Math.floor(share * barWidth);
  const left = perSecond > 0 ? (total - done) / perSecond : undefined;
  return [
    label,
    `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`,
    `${show(done)} / ${show(total)}`,
    `${Math.floor(share * 100)} %`,
    rate,
    ...(left === undefined || done >= total ? [] : [`${showDuration(left)} left`]),
  ].join('  ');
}

const showCount = (count: number) =>
  String(count < 10 ? Number(count.toFixed(1)) : Math.round(count));

const showMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

function showDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
