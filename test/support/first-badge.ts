import type { ImportReport } from '../../src/services/frameworks/framework-imports.ts';
import { createApi, type Api } from './api.ts';
import { until } from './store.ts';

interface Rubric {
  readonly id: string;
  readonly levels: readonly { readonly id: string; readonly name: string }[];
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly round: number;
  readonly rubric: readonly Rubric[];
  readonly decisions: readonly { issuance?: string; credential?: string; state: string }[];
  readonly reviews: readonly { decision: string; feedback?: string }[];
}

/** A learner with a key, added by whoever has `owner`. */
export async function addPerson(owner: Api, base: string, person: object) {
  const { id } = await owner.call<Shown>('POST', '/people', person);
  const key = await owner.call<{ secret: string }>('POST', '/api-keys', {
    name: 'e2e',
    person: id,
  });
  return { id, key: key.secret, api: createApi(base, key.secret) };
}

/** Standards from a CASE package, two levels on them. */
export async function importStandards(owner: Api, casePackage: string) {
  const start = performance.now();
  const imported = await owner.send<ImportReport>('POST', '/frameworks/import', casePackage);
  const seconds = (performance.now() - start) / 1_000;
  const again = await owner.send<ImportReport>('POST', '/frameworks/import', casePackage);
  const framework = imported.body.framework.id ?? '';
  await owner.call('PUT', `/frameworks/${framework}/levels`, [
    { ordinal: 1, name: 'Foundations', description: 'First steps' },
    { ordinal: 2, name: 'Building', description: 'Further on' },
  ]);
  const found = await owner.call<{ items: { id: string }[] }>(
    'GET',
    `/frameworks/${framework}/standards?q=fractions&limit=3`,
  );
  return { imported, again, seconds, standards: found.items.map(({ id }) => id) };
}

const levelNames = ['Beginning', 'Developing', 'Proficient', 'Advanced'];

/** A published achievement with a rubric of one criterion with four levels, of which the third is required. */
export async function publishAchievement(owner: Api, standards: readonly string[]) {
  const draft = await owner.call<Shown>('POST', '/achievements', {
    kind: 'microcredential',
    name: 'Fractions that add up',
    description: 'Adds and compares fractions.',
    criteria: 'Show **two** ways to add $\\frac{1}{2}$ and $\\frac{1}{3}$.',
    standards,
    level: 1,
    rubric: [
      {
        name: 'Reasoning',
        levels: levelNames.map((name, points) => ({ name, description: `${name} work`, points })),
        requiredLevel: 'Proficient',
      },
    ],
  });
  return owner.call<Shown>('POST', `/achievements/${draft.id}/publish`);
}

/** A review of the rubric's only criterion. */
export function judge(achievement: Pick<Shown, 'id' | 'rubric'>, levelName: string) {
  const [criterion] = achievement.rubric;
  const level = criterion?.levels.find(({ name }) => name === levelName);
  return {
    achievement: achievement.id,
    results: [{ criterion: criterion?.id, level: level?.id }],
  };
}

/** Waits for the signature. */
export async function waitForCredential(api: Api, issuance: string, deadlineMs?: number) {
  let credential: string | undefined;
  await until(async () => {
    const found = await api.call<{ state: string; credential?: string }>(
      'GET',
      `/issuances/${issuance}`,
    );
    if (found.state === 'failed') throw new Error('the issuance failed');
    credential = found.state === 'issued' ? found.credential : undefined;
    return credential !== undefined;
  }, deadlineMs);
  return credential ?? '';
}

/** From a CASE package to a badge that its learner made public: everything that people do, as `curl` would. */
export async function earnFirstBadge(base: string, ownerKey: string, casePackage: string) {
  const owner = createApi(base, ownerKey);
  const standards = await importStandards(owner, casePackage);
  const achievement = await publishAchievement(owner, standards.standards);
  const learner = await addPerson(owner, base, {
    name: 'Ada Example',
    email: 'ada@school.example',
    roles: ['learner'],
  });
  const teacher = await addPerson(owner, base, { name: 'Ms Teacher', roles: ['teacher'] });

  const file = await learner.api.upload('work.txt', 'One half and one third are five sixths.\n');
  const evidence = [{ name: 'My work', narrative: 'With a drawing.', file: file.id }];
  const submission = await learner.api.call<Shown>('POST', '/submissions', {
    achievements: [achievement.id],
    evidence,
    submit: true,
  });
  const reviews = `/submissions/${submission.id}/reviews`;
  const revised = await teacher.api.call<Shown>('POST', reviews, {
    ...judge(achievement, 'Developing'),
    decision: 'revise',
    feedback: 'Show a second way.',
  });
  await learner.api.call('PATCH', `/submissions/${submission.id}`, {
    evidence: [...evidence, { name: 'Second way', narrative: 'With a common denominator.' }],
  });
  const resubmitted = await learner.api.call<Shown>('POST', `/submissions/${submission.id}/submit`);
  const approved = await teacher.api.call<Shown>('POST', reviews, {
    ...judge(achievement, 'Proficient'),
    decision: 'approve',
  });
  const credential = await waitForCredential(learner.api, approved.decisions[0]?.issuance ?? '');
  return {
    owner,
    learner,
    teacher,
    standards,
    achievement,
    revised,
    resubmitted,
    approved,
    credential,
  };
}

export type FirstBadge = Awaited<ReturnType<typeof earnFirstBadge>>;
