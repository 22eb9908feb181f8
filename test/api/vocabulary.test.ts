import request from 'supertest';
import { terms } from '../../src/domain/vocabulary.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
beforeAll(async () => {
  cairn = await startCairn();
});
afterAll(async () => {
  await cairn.close();
});

const word = (one: string, other = `${one}s`) => ({ one, other });

async function patch(body: object) {
  const answer = await request(cairn.app)
    .patch('/api/v1/organization')
    .auth(cairn.owner, { type: 'bearer' })
    .send(body);
  return answer as { status: number; body: Record<string, unknown> };
}

describe('the words of a school', () => {
  it('are changed language by language and word by word', async () => {
    await patch({ vocabulary: { en: { level: word('step'), boss: word('summit') } } });
    await patch({ vocabulary: { es: { level: word('peldaño') }, en: { level: word('stage') } } });
    const { status, body } = await patch({ vocabulary: { en: { boss: null } } });

    expect(status).toBe(200);
    expect(body.vocabulary).toEqual({
      en: { level: word('stage') },
      es: { level: word('peldaño') },
    });
    expect((await patch({ vocabulary: { es: null } })).body.vocabulary).toEqual({
      en: { level: word('stage') },
    });
  });

  it('are lost by nobody when two people change them at once', async () => {
    const some = ['learner', 'mentor', 'teacher', 'guardian', 'course', 'pathway'];
    await Promise.all(some.map((term) => patch({ vocabulary: { de: { [term]: word(term) } } })));
    const { body } = await patch({});
    expect((body.vocabulary as Record<string, object>).de).toEqual(
      Object.fromEntries(some.map((term) => [term, word(term)])),
    );
  });

  it('are only for terms that there are', async () => {
    const before = await patch({});
    const { status, body } = await patch({
      vocabulary: { en: { level: word('rung'), grade: word('mark') } },
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'vocabulary.unknown_term', terms });
    expect(body.detail).toContain('grade');
    expect((await patch({})).body).toEqual(before.body);
  });

  it.each([
    [{ vocabulary: { english: { level: word('x') } } }],
    [{ vocabulary: { abcd: { level: word('x') } } }],
    [{ vocabulary: { en: { level: 'step' } } }],
    [{ vocabulary: { en: { level: { one: 'step' } } } }],
    [{ vocabulary: { en: { level: word('  ') } } }],
    [{ vocabulary: { en: { level: { ...word('x'), dual: 'y' } } } }],
    [{ vocabulary: { 'en.level': { level: word('x') } } }],
    [{ languages: [] }],
    [{ languages: ['English'] }],
    [{ masteryPolicy: { en: '' } }],
  ])('refused: %j', async (body) => {
    const before = await patch({});
    expect(await patch(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await patch({})).body).toEqual(before.body);
  });
});

it('the own text of a mastery policy is kept by language', async () => {
  await patch({
    languages: ['de', 'en'],
    masteryPolicy: { de: 'Wir geben **Zeit**.', en: 'Time.' },
  });
  const { body } = await patch({ masteryPolicy: { en: null } });
  expect(body).toMatchObject({ languages: ['de', 'en'] });
  expect(body.masteryPolicy).toEqual({ de: 'Wir geben **Zeit**.' });
});
