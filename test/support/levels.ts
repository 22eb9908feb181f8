import request from 'supertest';
import type { Criterion } from '../../src/domain/rubrics.ts';
import type { TestCairn } from './cairn.ts';
import { resultsAt } from './submissions.ts';

export interface Made {
  readonly id: string;
  readonly name: string;
  readonly rubric: readonly Criterion[];
}

/** A school with a framework of three levels and four standards, two of them below the first: from a sheet, or as given. */
export async function openLevels(cairn: TestCairn, title = 'Science', casePackage?: object) {
  const call = (
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    key = cairn.owner,
  ) => request(cairn.app)[method](`/api/v1${path}`).auth(key, { type: 'bearer' });

  const imported =
    casePackage === undefined
      ? await call('post', `/frameworks/import?title=${title}`)
          .type('text/csv')
          .send(
            'code,statement,parent\nA,Inquiry,\nA.1,Plans a fair test,A\nA.2,Draws conclusions,A\nB,Matter,\n',
          )
      : await call('post', '/frameworks/import').send(casePackage);
  const framework = (imported.body as { framework: { id: string } }).framework.id;
  await call('put', `/frameworks/${framework}/levels`).send(
    [1, 2, 3].map((ordinal) => ({ ordinal, name: `Level ${ordinal}`, description: '' })),
  );
  const listed = await call('get', `/frameworks/${framework}/standards`);
  const items = (listed.body as { items: { id: string; code: string }[] }).items;
  const standards = Object.fromEntries(items.map(({ id, code }) => [code, id]));
  const standard = (code: string) => standards[code] ?? '';

  async function publish(changes: { name: string } & Record<string, unknown>): Promise<Made> {
    const isLevel = changes.kind === 'level';
    const created = await call('post', '/achievements').send({
      kind: 'microcredential',
      description: 'Is able to.',
      criteria: 'Show it.',
      standards: [standard('A.1')],
      level: 1,
      rubric: isLevel
        ? []
        : [{ name: 'Done', levels: [{ name: 'Not yet' }, { name: 'Met' }], requiredLevel: 'Met' }],
      ...changes,
    });
    if (created.status !== 201) throw new Error(created.text);
    const { id } = created.body as Made;
    const published = await call('post', `/achievements/${id}/publish`);
    if (published.status !== 200) throw new Error(published.text);
    return published.body as Made;
  }

  const many = async (names: readonly string[], changes: Record<string, unknown> = {}) => {
    const made: Made[] = [];
    for (const name of names) made.push(await publish({ name, ...changes }));
    return made;
  };
  const boss = (name: string, level = 1) =>
    publish({ name, level, kind: 'boss', standards: [standard('A.1'), standard('B')] });
  const levelOf = (level: number) => publish({ name: `${title} ${level}`, level, kind: 'level' });

  /** Awards it directly; `sign` when it should be issued. */
  async function award(learner: string, made: Made, extra: object = {}) {
    return call('post', '/awards').send({
      learner,
      achievement: made.id,
      narrative: 'Seen in class.',
      results: resultsAt(made, 1),
      ...extra,
    });
  }

  /** Signs what is to be signed, and decides what follows, until nothing does. */
  async function settle() {
    for (let round = 0; round < 6; round += 1) {
      await cairn.cairn.dispatcher.sweep();
      await cairn.cairn.queue.drained();
      await cairn.services.levelWork.settleDue();
    }
  }

  async function earn(learner: string, made: readonly Made[]) {
    for (const one of made) {
      const answer = await award(learner, one);
      if (answer.status !== 202) throw new Error(answer.text);
    }
    await settle();
  }

  const ruleAt = (ordinal: number, strand?: string) =>
    `/frameworks/${framework}/level-rules/${ordinal}${strand === undefined ? '' : `?strand=${strand}`}`;

  const rule = (made: readonly Made[], level: Made, changes: object = {}) => ({
    pool: { achievements: made.map(({ id }) => id) },
    preponderance: { minCount: made.length },
    achievement: level.id,
    ...changes,
  });

  /** The live credentials of a learner for an achievement. */
  async function credentialsOf(learner: string, achievement: string) {
    const answer = await call('get', `/credentials?learner=${learner}&achievement=${achievement}`);
    return (answer.body as { items: { id: string; state: string }[] }).items;
  }

  cairn.cairn.queue.process(cairn.services.issuances.process);
  return {
    call,
    framework,
    standard,
    publish,
    many,
    boss,
    levelOf,
    award,
    settle,
    earn,
    ruleAt,
    rule,
    credentialsOf,
  };
}

export type Levels = Awaited<ReturnType<typeof openLevels>>;
