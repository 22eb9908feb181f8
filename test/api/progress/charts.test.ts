import request from 'supertest';
import sharp from 'sharp';
import { startCairn, type TestCairn } from '../../support/cairn.ts';
import {
  openMasterySchool,
  type MasterySchool,
  type Member,
} from '../../support/mastery-school.ts';
import type { PublishedAchievement } from '../../support/school.ts';

let cairn: TestCairn;
let school: MasterySchool;
let learner: Member;
/** One with a picture that the school uploaded, and one with a drawn badge. */
let achievements: Record<'uploaded' | 'drawn', PublishedAchievement>;

/** Pictures are told apart by their color. */
const [ofSchool, ofLearner, ofOther] = ['#008000', '#dc143c', '#0000ff'] as const;

const paint = (background: string) =>
  sharp({ create: { width: 400, height: 400, channels: 3, background } })
    .png()
    .toBuffer();
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openMasterySchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  const file = await request(cairn.app)
    .post('/api/v1/files')
    .auth(cairn.owner, { type: 'bearer' })
    .attach('file', await paint(ofSchool), 'badge.png');
  achievements = {
    uploaded: await school.publish({ image: { kind: 'upload', file: idOf(file) } }),
    drawn: await school.publish({ name: 'Graphs' }),
  };
});
beforeEach(async () => {
  learner = await cairn.as('learner');
  for (const one of Object.values(achievements)) await school.award(learner, one);
});
afterAll(async () => {
  await cairn.close();
});

async function draw(by: Member, color: string, achievement = achievements.uploaded) {
  const answer = await request(cairn.app)
    .put(`/api/v1/learners/${by.id}/art/${achievement.id}`)
    .auth(by.key, { type: 'bearer' })
    .attach('file', await paint(color), 'mine.png');
  return `/art/${idOf(answer)}`;
}

const chart = async (form: 'svg' | 'pdf', of = learner) => {
  const path = `/learners/${of.id}/chart.${form}?framework=${school.framework}`;
  const answer = await school.call('get', path).buffer(true);
  expect(answer.status).toBe(200);
  return Buffer.from(answer.body as Buffer);
};

/** The pictures made of dots that are in a chart, by their color. */
async function colorsIn(form: 'svg' | 'pdf', of = learner): Promise<readonly string[]> {
  const file = await chart(form, of);
  const pictures =
    form === 'svg'
      ? [...file.toString().matchAll(/href="data:image\/jpeg;base64,([^"]+)"/g)].map(([, data]) =>
          Buffer.from(data ?? '', 'base64'),
        )
      : [
          ...file
            .toString('latin1')
            .matchAll(/\/Subtype \/Image[^>]*\/DCTDecode[^>]*>>\nstream\n([^]*?)\nendstream/g),
        ].map(([, data]) => Buffer.from(data ?? '', 'latin1'));
  return Promise.all(pictures.map(colorOf));
}

async function colorOf(picture: Buffer): Promise<string> {
  const { channels } = await sharp(picture).stats();
  const isNear = (color: string) =>
    channels.every(({ mean }, n) => {
      const wanted = parseInt(color.slice(1 + 2 * n, 3 + 2 * n), 16);
      return Math.abs(mean - wanted) < 12;
    });
  return [ofSchool, ofLearner, ofOther].find(isNear) ?? 'a drawn badge';
}

describe('the pictures on a chart', () => {
  it('are those of the achievements, each once', async () => {
    expect(await colorsIn('svg')).toEqual([ofSchool]);
    expect((await colorsIn('pdf')).toSorted()).toEqual([ofSchool, 'a drawn badge']);
    const svg = (await chart('svg')).toString();
    expect(svg.match(/href="data:image\/svg\+xml;base64,/g)).toHaveLength(1);
    expect(svg).toMatch(/<title>Graphs: earned \d{4}-\d\d-\d\d<\/title><image/);
    expect((await chart('pdf')).toString('latin1')).toMatch(/\/Alt \(Graphs: earned [\d-]+\)/);
  });

  it.each(['svg', 'pdf'] as const)(
    'in the %s are the learner’s own as soon as they are approved, and until the next one is',
    async (form) => {
      const first = await draw(learner, ofLearner);
      expect(await colorsIn(form)).toContain(ofSchool);
      await school.call('post', `${first}/approve`);
      expect(await colorsIn(form)).toContain(ofLearner);
      expect(await colorsIn(form)).not.toContain(ofSchool);
      const second = await draw(learner, ofOther);
      await school.call('post', `${second}/decline`).send({ reason: 'Not yours.' });
      expect(await colorsIn(form)).toContain(ofLearner);
      await school.call('post', `${await draw(learner, ofOther)}/approve`);
      expect(await colorsIn(form)).toContain(ofOther);
    },
  );

  it.each(['svg', 'pdf'] as const)('in the %s are never somebody else’s', async (form) => {
    const other = await cairn.as('learner');
    await school.award(other, achievements.uploaded);
    await school.call('post', `${await draw(other, ofOther)}/approve`);
    expect(await colorsIn(form, other)).toEqual([ofOther]);
    expect(await colorsIn(form)).not.toContain(ofOther);
  });

  it('are not shown of what is not held', async () => {
    const other = await cairn.as('learner');
    await school.call('post', `${await draw(other, ofOther)}/approve`);
    expect(await colorsIn('svg', other)).toEqual([]);
    expect(await colorsIn('pdf', other)).toEqual([]);
  });

  it('go with their learner', async () => {
    await school.call('post', `${await draw(learner, ofLearner)}/approve`);
    expect(await colorsIn('pdf')).toContain(ofLearner);
    await school.call('delete', `/people/${learner.id}`);
    const path = `/learners/${learner.id}/chart.pdf?framework=${school.framework}`;
    expect((await school.call('get', path)).status).toBe(404);
  });
});
