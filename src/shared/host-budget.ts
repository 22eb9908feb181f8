export type HostBudget = ReturnType<typeof createHostBudget>;

interface Host {
  /** How many requests are under way. */
  active: number;
  /** When the last ones began, oldest first. */
  begun: number[];
  readonly waiting: (() => void)[];
}

interface Limits {
  readonly atOnce: number;
  readonly perMinute: number;
  /** How many may wait for one host. */
  readonly waiting: number;
}

const minute = 60_000;
const defaultLimits: Limits = { atOnce: 6, perMinute: 120, waiting: 24 };

/** How often one host is asked, whoever makes us ask: nobody can turn us on somebody else. */
export function createHostBudget({
  elapsed = () => performance.now(),
  ...options
}: Partial<Limits> & { elapsed?: () => number } = {}) {
  const limits = { ...defaultLimits, ...options };
  const hosts = new Map<string, Host>();

  return { enter };

  /** Waits for its turn. Answers how to leave again, or undefined when this host has been asked too often. */
  async function enter(name: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    forgetIdle();
    const host = hosts.get(name) ?? { active: 0, begun: [], waiting: [] };
    hosts.set(name, host);
    host.begun = recent(host);
    const isFull = host.active >= limits.atOnce;
    if (host.begun.length >= limits.perMinute) return undefined;
    if (isFull && host.waiting.length >= limits.waiting) return undefined;
    host.begun.push(elapsed());
    if (isFull) await turn(host, signal);
    else host.active += 1;
    return () => {
      leave(host);
    };
  }

  function recent({ begun }: Host): number[] {
    const start = elapsed() - minute;
    return begun.filter((time) => time > start);
  }

  function turn(host: Host, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        host.waiting.splice(host.waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      host.waiting.push(go);
    });
  }

  /** Whoever waits takes the place over. */
  function leave(host: Host): void {
    const next = host.waiting.shift();
    if (next === undefined) host.active -= 1;
    else next();
  }

  function forgetIdle(): void {
    if (hosts.size < 1_000) return;
    for (const [name, host] of hosts) {
      if (host.active === 0 && recent(host).length === 0) hosts.delete(name);
    }
  }
}
