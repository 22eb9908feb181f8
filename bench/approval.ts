import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../test/support/api.ts';
import { importStandards, judge, publishAchievement } from '../test/support/first-badge.ts';
import { casePackage, item } from '../test/support/standards.ts';
import { atMost, quantile, show, type Figure, type Subject } from './harness.ts';
import { withServer, type Server } from './server.ts';

const approvals = 100;
const pollMs = 5;

type Achievement = Awaited<ReturnType<typeof publishAchievement>>;

interface Issuance {
  readonly state: string;
}
interface Reviewed {
  readonly decisions: readonly { readonly issuance?: string }[];
}

async function publish(owner: Api): Promise<Achievement> {
  const document = casePackage({ items: [item(1, { fullStatement: 'Adds fractions' })] });
  const { standards } = await importStandards(owner, JSON.stringify(document));
  return publishAchievement(owner, standards);
}

/** A learner of their own for each: nobody earns an achievement twice. */
async function submit(owner: Api, achievement: Achievement, n: number): Promise<string> {
  const person = { name: 'Ada Example', email: `ada-${n}@school.example`, roles: ['learner'] };
  const learner = await owner.call<{ id: string }>('POST', '/people', person);
  const submission = await owner.call<{ id: string }>('POST', '/submissions', {
    learner: learner.id,
    achievements: [achievement.id],
    evidence: [{ name: 'My work', narrative: 'Two ways, with a drawing.' }],
    submit: true,
  });
  return submission.id;
}

/** Milliseconds from sending the approval until the credential is signed and stored. */
async function approve(owner: Api, submission: string, achievement: Achievement): Promise<number> {
  const start = performance.now();
  const review = { ...judge(achievement, 'Proficient'), decision: 'approve' };
  const { decisions } = await owner.call<Reviewed>(
    'POST',
    `/submissions/${submission}/reviews`,
    review,
  );
  for (;;) {
    const { state } = await owner.call<Issuance>('GET', `/issuances/${decisions[0]?.issuance}`);
    if (state === 'issued') return performance.now() - start;
    if (state === 'failed') throw new Error('an issuance failed');
    await sleep(pollMs);
  }
}

async function measure({ owner, memory }: Server, tell: (doing: string) => void) {
  const achievement = await publish(owner);
  const submissions: string[] = [];
  for (let n = 1; n <= 2 * approvals; n += 1) {
    tell(`submission ${n} of ${2 * approvals}`);
    submissions.push(await submit(owner, achievement, n));
  }
  const single: number[] = [];
  for (const submission of submissions.slice(0, approvals)) {
    tell(`approval ${single.length + 1} of ${approvals}`);
    single.push(await approve(owner, submission, achievement));
  }
  tell(`${approvals} approvals at once`);
  const start = performance.now();
  const together = submissions.slice(approvals);
  await Promise.all(together.map((submission) => approve(owner, submission, achievement)));
  const seconds = (performance.now() - start) / 1_000;
  return { single, together: approvals / seconds, megabytes: await memory() };
}

function describe(name: string, times: readonly number[], share: number): Figure {
  const value = quantile(times, share);
  const goal = share === 0.95 ? { goal: atMost(500, value, 'ms') } : {};
  return { what: `approval → signed credential, ${name}`, value: `${show(value)} ms`, ...goal };
}

export const approval: Subject = {
  title: 'Approval',
  about: `Over HTTP on embedded defaults: from sending the review until \`GET /issuances/{id}\` says \`issued\` (both forms signed, read back and stored), asked every ${pollMs} ms. ${approvals} approvals, each after the one before; then ${approvals} at once.`,
  run: (tell) =>
    withServer(async (server) => {
      const { single, together, megabytes } = await measure(server, tell);
      return [
        describe('p50', single, 0.5),
        describe('p95', single, 0.95),
        describe('slowest', single, 1),
        { what: `${approvals} approvals at once`, value: `${show(together)} credentials/s` },
        {
          what: `memory (RSS) after ${2 * approvals} credentials`,
          ...(megabytes === undefined
            ? { value: 'not told by this system' }
            : { goal: atMost(250, megabytes, 'MB'), value: `${show(megabytes)} MB` }),
        },
      ];
    }),
};
