import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import sharp from 'sharp';
import { scopeOf } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addCircle, askAll, familyAndStaff, type Circle } from '../support/learner-circle.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let achievement: PublishedAchievement;
let circle: Circle;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  achievement = await school.publish();
});
beforeEach(async () => {
  circle = await addCircle(cairn, school);
});
afterAll(async () => {
  await cairn.close();
});

const picture = (format: 'png' | 'jpeg' | 'webp', red = 200) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: { r: red, g: 20, b: 60 } } })
    .withMetadata({ exif: { IFD0: { Copyright: 'Zenobia Quill' } } })
    .toFormat(format)
    .toBuffer();

const pathOf = (learner: string) => `/learners/${learner}/art/${achievement.id}`;
const put = (content: Buffer, name = 'bee.png', { id, key } = circle.learner, of = id) =>
  request(cairn.app)
    .put(`/api/v1${pathOf(of)}`)
    .auth(key, { type: 'bearer' })
    .attach('file', content, name);
const post = (path: string, body: object = {}) => school.call('post', path).send(body);
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;
const shownBytes = async (path: string) => {
  const answer = await school.call('get', path).buffer(true);
  return answer.body as Buffer;
};

async function blobs(): Promise<readonly string[]> {
  const folder = join(cairn.cairn.settings.dataDir, 'blobs');
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  return files.map(({ name }) => name).sort();
}

describe('a picture for the own chart', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'as %s waits for a word, and then is shown to those who may see the learner',
    async (format) => {
      const drawn = await put(await picture(format), `bee.${format}`);
      expect(drawn.body).toMatchObject({ state: 'waiting', width: 40, height: 30 });
      const path = pathOf(circle.learner.id);
      const one = `/art/${idOf(drawn)}`;
      expect((await school.call('get', path, circle.learner.key)).status).toBe(404);
      const listed = await school.call('get', '/art?state=waiting', circle.teacher.key);
      expect(listed.body).toMatchObject({ items: [{ id: idOf(drawn) }] });
      expect(await askAll(school, circle, `${one}/picture`)).toEqual({
        ...familyAndStaff,
        guardian: 404,
      });
      const approved = await school.call('post', `${one}/approve`, circle.teacher.key);
      expect(approved.body).toMatchObject({ state: 'approved', decidedBy: circle.teacher.id });
      expect(await askAll(school, circle, path)).toEqual(familyAndStaff);
      const list = `/learners/${circle.learner.id}/art`;
      expect(await askAll(school, circle, list)).toEqual(familyAndStaff);
      const { format: kept, exif } = await sharp(await shownBytes(path)).metadata();
      expect([kept, exif]).toEqual(['png', undefined]);
      const scope = scopeOf({ organization: idOf(await school.call('get', '/organization')) });
      const found = await cairn.services.art.findApprovedArt(scope, circle.learner.id);
      expect([...found.keys()]).toEqual([achievement.id]);
    },
  );

  it('takes the place of the one before only when it is approved', async () => {
    await post(`/art/${idOf(await put(await picture('png', 10)))}/approve`);
    const path = pathOf(circle.learner.id);
    const first = await shownBytes(path);
    const before = await blobs();
    await put(await picture('png', 90));
    const second = idOf(await put(await picture('png', 120)));
    expect(await shownBytes(path)).toEqual(first);
    expect(await blobs()).toHaveLength(before.length + 1);
    await post(`/art/${second}/approve`);
    expect(await shownBytes(path)).not.toEqual(first);
    expect(await blobs()).toHaveLength(before.length);
  });

  it('is declined with a reason, and gone', async () => {
    const before = await blobs();
    const one = `/art/${idOf(await put(await picture('png')))}`;
    expect((await post(`${one}/decline`)).status).toBe(400);
    const declined = await post(`${one}/decline`, { reason: 'Not yours.' });
    expect(declined.body).toMatchObject({ state: 'declined', reason: 'Not yours.' });
    expect((await school.call('get', `${one}/picture`)).status).toBe(404);
    expect(await blobs()).toEqual(before);
    const list = `/learners/${circle.learner.id}/art`;
    expect((await school.call('get', list, circle.learner.key)).body).toMatchObject({
      items: [{ state: 'declined', reason: 'Not yours.' }],
    });
    expect((await school.call('get', list, circle.guardian.key)).body).toEqual({ items: [] });
    const late = await post(`${one}/approve`);
    expect(late.body).toMatchObject({ status: 409, code: 'art.decided' });
  });

  it.each([
    ['a text', Buffer.from('a bee'), 'bee.txt', 'image.not_an_image'],
    ['a text with the name of one', Buffer.from('a bee'), 'bee.png', 'file.type_not_allowed'],
    ['a program', Buffer.from('MZ\0\0'), 'bee.exe', 'file.type_not_allowed'],
  ])('is refused when it is %s, and nothing is kept', async (_what, content, name, code) => {
    const before = await blobs();
    expect((await put(content, name)).body).toMatchObject({ code });
    expect(await blobs()).toEqual(before);
    const own = await school.call('get', `/learners/${circle.learner.id}/art`, circle.learner.key);
    expect(own.body).toEqual({ items: [] });
  });

  it('is for nobody else to put there', async () => {
    const content = await picture('png');
    const { learner, other, teacher, guardian } = circle;
    const refused = await put(content, 'bee.png', other, learner.id);
    expect(refused.body).toMatchObject({ status: 404, code: 'learner.not_found' });
    expect((await put(content, 'bee.png', teacher, learner.id)).status).toBe(403);
    expect((await put(content, 'bee.png', guardian, learner.id)).status).toBe(403);
  });

  it('goes with its learner', async () => {
    const before = await blobs();
    await post(`/art/${idOf(await put(await picture('png')))}/approve`);
    const one = idOf(await put(await picture('png', 7)));
    expect((await school.call('delete', `/people/${circle.learner.id}`)).status).toBe(204);
    expect(await blobs()).toEqual(before);
    expect((await school.call('get', `/art/${one}/picture`)).status).toBe(404);
  });
});
