/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly goal?: string;
  readonly value: string;
  /** The same thing done by a named baseline in the same run, and how the two compare. */
  readonly beside?: string;
}

export interface Subject {
  readonly title: string;
  /** How it was measured. */
  readonly about: string;
  readonly run: (tell: Tell) => Promise<readonly Figure[]>;
}

/** Says what is being done at this moment. */
export type Tell = (doing: string) => void;

/** A goal that is a limit, and whether it was kept. */
export function atMost(limit: number, value: number, unit: string): string {
  return `< ${limit} ${unit} ${value < limit ? '✓' : '✗'}`;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Three digits that count. */
export function show(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** CPU microseconds as work per second on one core. */
export const perSecond = (micros: number): string => `${show(1e6 / micros)}/s per core`;

type Work = () => unknown;

const rounds = 7;
const roundMs = 120;

/**
 * CPU time of each candidate in microseconds, all threads of the process counted. The candidates take turns within
 * every round, so that whatever else the machine does meets all of them; the median of the rounds is the answer.
 */
export async function sideBySide<Name extends string>(
  candidates: Readonly<Record<Name, Work>>,
): Promise<Readonly<Record<Name, number>>> {
  const works = Object.entries<Work>(candidates);
  const costs = new Map<string, number[]>(works.map(([name]) => [name, []]));
  for (const [, work] of works) await costOf(work);
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % works.length;
    for (const [name, work] of [...works.slice(turn), ...works.slice(0, turn)]) {
      costs.get(name)?.push(await costOf(work));
    }
  }
  const medians = [...costs].map(([name, values]) => [name, median(values)]);
  return Object.fromEntries(medians) as Record<Name, number>;
}

async function costOf(work: Work): Promise<number> {
  const before = process.cpuUsage();
  let spent = 0;
  let times = 0;
  while (spent < roundMs * 1_000) {
    await work();
    times += 1;
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
  return spent / times;
}

/** `n` times in `seconds`, from so many clients at once. */
export async function rate(
  clients: number,
  seconds: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1_000;
  let count = 0;
  const client = async (): Promise<void> => {
    while (elapsed() < seconds) await work(count++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return count / elapsed();
}
