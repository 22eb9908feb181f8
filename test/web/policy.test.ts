import request from 'supertest';
import type { LevelRule } from '../../src/domain/level-rules.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
});
afterAll(async () => {
  await cairn.close();
});

const get = (path: string, accept = 'text/html', language = '') =>
  request(cairn.app).get(path).set('Accept', accept).set('Accept-Language', language);
const policy = (language?: string) => get(`/policy/${school.organization}`, 'text/html', language);

describe('the policy page', () => {
  it('is a page for people and data for programs', async () => {
    const page = await policy();
    const data = await get(`/policy/${school.organization}`, '*/*');

    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('How Alder Creek School decides what is mastered');
    expect(data.headers['content-type']).toContain('application/json');
    expect(data.headers['access-control-allow-origin']).toBe('*');
    expect(data.body).toMatchObject({
      school: { id: school.organization, name: 'Alder Creek School' },
      languages: ['en'],
      judging: { secondReader: 'boss' },
      credentials: { nameInCredential: true, adultCredentialVisibility: 'private' },
      frameworks: [{ title: 'Mathematics', levels: [{ ordinal: 1 }, { ordinal: 2 }], rules: [] }],
      text: {},
    });
  });

  it('says each setting as it is, from the moment when it changes', async () => {
    const readers = [
      ['never', 'One teacher decides. Nobody'],
      ['boss', 'For bosses, two people have to approve'],
      ['always', 'Two people have to approve, each for themselves. Nobody'],
    ] as const;
    for (const [secondReader, sentence] of readers) {
      await school.call('patch', '/organization', { policy: { secondReader } });
      expect((await policy()).text).toContain(sentence);
    }
    expect((await policy()).text).toContain('It holds the name of its earner');
    await school.call('patch', '/organization', {
      policy: { nameInCredential: false, adultCredentialVisibility: 'public' },
    });
    const { text, headers } = await policy();
    expect(text).toContain('It does not hold the name of its earner');
    expect(text).toContain('What adults earn is public until they close it');
    expect(headers['cache-control']).toBe('public, no-cache');
    const again = await policy().set('If-None-Match', headers.etag ?? '');
    expect(again.status).toBe(304);
  });

  const rollUps = [
    [{ rule: 'highest' }, 'The highest step that was ever found', 'is at step 4.'],
    [{ rule: 'latest' }, 'found last counts', 'is at step 3.'],
    [{ rule: 'mode', last: 3 }, 'Of the last 3', 'is at step 3.'],
    // 0.65·3 + 0.35·(0.65·3 + 0.35·(0.65·4 + 0.35·2)) = 3.037: step 3.
    [{ rule: 'decaying-average', weight: 0.65 }, 'weighs 65%', 'is at step 3.'],
    [{ rule: 'n-times', times: 4 }, 'at least 4 times', 'is at step 2.'],
    [{ rule: 'n-times', times: 9 }, 'at least 9 times', 'has no estimate yet.'],
  ] as const;
  it.each(rollUps)('says how judgements are summed up: %j', async (rule, sentence, example) => {
    await school.call('patch', '/organization', {
      policy: { rollUp: { default: rule, frameworks: {} } },
    });
    const { text } = await policy();
    expect(text).toContain(sentence);
    expect(text).toContain(`who was found at step 2, 4, 3, 3 of 4, in this order, ${example}`);
  });

  it('says when somebody steps in, and what a family has to agree to, where that is set', async () => {
    await school.call('patch', '/organization', { policy: { guardianConsent: [] } });
    const before = (await policy()).text;
    expect(before).not.toContain('When somebody steps in');
    expect(before).not.toContain('What a family has to agree to');
    await school.call('patch', '/organization', {
      policy: {
        guardianConsent: ['public'],
        support: {
          daysWithoutProgress: 12,
          behindPace: true,
          missingLevel: false,
          visibleToFamily: true,
          pauses: [],
        },
      },
    });
    const { text } = await policy();
    expect(text).toContain('Nothing moved for 12 days.');
    expect(text).toContain('The pace that the learner chose is not kept.');
    expect(text).not.toContain('sent back');
    expect(text).not.toContain('Holidays');
    expect(text).toContain('are told, in plain words');
    expect(text).toContain('opening something to the public');
  });

  const practices = [
    [
      'calibration',
      { calibration: { share: 0.125, kinds: ['boss', 'level'] } },
      { calibration: { share: 0 } },
      [
        ['en', 'about 12.5% are done again', 'for these only: bosses and levels.'],
        ['es', 'alrededor del 12,5', 'solo con esto: retos finales y niveles.'],
        ['de', 'wird etwa 12,5', 'nur hierfür: Meisterprüfungen und Stufen.'],
      ],
    ],
    [
      'weekly letters',
      { digest: { guardians: true, learners: true } },
      { digest: { guardians: false, learners: false } },
      [
        ['en', 'is written to learners and guardians.', 'A letter each week'],
        ['es', 'por carta a: estudiantes y tutores legales.', 'Una carta cada semana'],
        ['de', 'in einem Brief an: Lernende und Sorgeberechtigte.', 'Jede Woche ein Brief'],
      ],
    ],
  ] as const;
  const translate = async (languages: readonly string[] = ['en', 'es', 'de']) =>
    school.call('patch', '/organization', { languages });
  it.each(practices)(
    'has a paragraph on %s only where it is done',
    async (_what, on, off, said) => {
      await translate();
      await school.call('patch', '/organization', { policy: on });
      for (const [language, ...sentences] of said) {
        const { text } = await policy(language);
        for (const sentence of sentences) expect(text).toContain(sentence);
      }
      await school.call('patch', '/organization', { policy: off });
      for (const [language, ...sentences] of said) {
        const { text } = await policy(language);
        for (const sentence of sentences) expect(text).not.toContain(sentence);
      }
      await translate(['en']);
    },
  );

  it('names no kinds where reviews of all kinds are done again', async () => {
    await school.call('patch', '/organization', { policy: { calibration: { share: 1 } } });
    const { text } = await policy();
    expect(text).toContain('about 100% are done again');
    expect(text).not.toContain('for these only');
  });

  it('speaks of courses and of mentors where there are any', async () => {
    const said = [
      ['en', 'One piece of work may count for several', 'Help from one another'],
      ['es', 'Un mismo trabajo puede contar más de una vez', 'Ayuda mutua'],
      ['de', 'Eine Arbeit darf mehrfach zählen', 'Hilfe untereinander'],
    ] as const;
    await translate();
    for (const [language, ...sentences] of said) {
      const { text } = await policy(language);
      for (const sentence of sentences) expect(text).not.toContain(sentence);
    }
    const course = await school.call('post', '/courses', {
      ...{ name: 'Pandemics', description: 'One project.', achievements: [school.achievement] },
    });
    const mentor = await cairn.as('mentor');
    const offered = await request(cairn.app)
      .post(`/api/v1/learners/${mentor.id}/mentoring`)
      .auth(mentor.key, { type: 'bearer' })
      .send({ achievement: school.achievement });
    expect(offered.status).toBe(201);
    for (const [language, ...sentences] of said) {
      const { text } = await policy(language);
      for (const sentence of sentences) expect(text).toContain(sentence);
    }
    const agrees = 'For minors, one of their guardians has to agree first.';
    await school.call('patch', '/organization', { policy: { guardianConsent: ['mentoring'] } });
    expect((await policy('en')).text).toContain(agrees);
    await school.call('patch', '/organization', { policy: { guardianConsent: [] } });
    expect((await policy('en')).text).not.toContain(agrees);
    await school.call('post', `/courses/${course.id}/retire`);
    expect((await policy('en')).text).not.toContain('One piece of work may count');
    await translate(['en']);
  });

  it('shows what the school wrote, formatted and without anything that runs', async () => {
    expect((await policy()).text).not.toContain('In our own words');
    await school.call('patch', '/organization', {
      masteryPolicy: {
        en: 'We give **time**. <script>alert(1)</script> [x](javascript:alert(2))',
        fr: 'Nous donnons du *temps*.',
      },
    });
    const { text } = await policy();
    expect(text).toContain('In our own words');
    expect(text).toContain('<strong>time</strong>');
    expect(text).not.toMatch(/<script>alert|href="javascript/);

    // No page is written in French, but the school's own text is.
    const french = await policy('fr');
    expect(french.text).toContain('<html lang="en">');
    expect(french.text).toContain('<div lang="fr"><div class="prose"><p>Nous donnons');
    await school.call('patch', '/organization', { masteryPolicy: { en: null, fr: null } });
    expect((await policy()).text).not.toContain('In our own words');
  });

  it('is in the language that is asked for, of those that the school has', async () => {
    expect((await policy('es')).text).toContain('<html lang="en">');
    await school.call('patch', '/organization', { languages: ['en', 'es', 'de-AT'] });
    const spanish = await policy('es-MX,es;q=0.9,en;q=0.8');
    expect(spanish.text).toContain('<html lang="es">');
    expect(spanish.text).toContain('Cómo se valora el trabajo');
    expect(spanish.headers.vary?.split(/, */)).toEqual(
      expect.arrayContaining(['Accept', 'Accept-Language']),
    );
    const german = await policy('de');
    expect(german.text).toContain('<html lang="de-AT">');
    expect(german.text).toContain('Wie Arbeiten beurteilt werden');
    expect((await policy('fr')).text).toContain('<html lang="en">');
  });
});

describe('the rules of the levels', () => {
  const rule = (framework: string, changes: Partial<LevelRule>): LevelRule => ({
    id: newId(),
    organization: school.organization,
    framework,
    ordinal: 2,
    pool: { achievements: [school.achievement] },
    preponderance: { minShare: 0.8 },
    mustHave: [school.achievement],
    boss: { achievements: [school.achievement], require: 'any' },
    requirePreviousLevel: false,
    achievement: newId(),
    certify: 'by-person',
    state: 'on',
    createdAt: new Date(),
    updatedAt: new Date(),
    ...changes,
  });

  it('are said when they are switched on, with what they come to now', async () => {
    const { frameworks, levelRules } = cairn.cairn.storage.stores;
    const scope = scopeOf({ organization: school.organization });
    const [framework] = (await frameworks.list(scope, { limit: 1 })).items;
    if (framework === undefined) throw new Error('no framework');
    const draft = rule(framework.id, { state: 'draft' });
    await levelRules.put(draft);
    expect((await policy()).text).not.toContain('of what belongs to it');

    await levelRules.put({ ...draft, state: 'on' });
    const { text } = await policy();
    expect(text).toContain('At least 80% of what belongs to it: 1 of 1 achievement, as of now.');
    expect(text).toContain('In any case: <a href="/achievements/');
    expect(text).toContain('one of these (bosses):');
    expect(text).toContain('a person looks at it and certifies it');

    await levelRules.put({
      ...draft,
      state: 'on',
      preponderance: { minCount: 3 },
      mustHave: [],
      certify: 'by-rule',
    });
    const after = (await policy()).text;
    expect(after).toContain('At least 3 of 1 achievement.');
    expect(after).not.toContain('In any case');
    expect(after).toContain('at the moment when all of that is there');
    expect((await policy('de')).text).toContain('Mindestens 3 von 1 (Lernziel).');
  });
});
