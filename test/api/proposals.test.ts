import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addCircle, askAll, familyAndStaff } from '../support/learner-circle.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let achievement: PublishedAchievement;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  achievement = await school.publish();
});
afterAll(async () => {
  await cairn.close();
});

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly outcome?: { readonly noun: string; readonly id: string };
  readonly history: readonly object[];
}

async function propose(body: object, by?: { key: string }): Promise<Shown> {
  const { key } = by ?? (await cairn.as('learner'));
  const proposal = { title: 'Beekeeping', text: 'Keeps bees alive in winter.', ...body };
  const made = await school.call('post', '/proposals', key).send(proposal);
  expect(made.status).toBe(201);
  return made.body as Shown;
}
const decide = (id: string, verdict: string, body: object = {}, key?: string) =>
  school.call('post', `/proposals/${id}/${verdict}`, key).send(body);

describe('a proposal', () => {
  it('for an achievement becomes a draft of it, once', async () => {
    const { id } = await propose({ kind: 'achievement' });
    const { key } = await cairn.as('teacher');
    const accepted = await decide(id, 'accept', {}, key);
    expect((await decide(id, 'accept', {}, key)).status).toBe(200);
    const { state, outcome } = accepted.body as Shown;
    expect([state, outcome?.noun]).toEqual(['accepted', 'achievement']);
    const made = await school.call('get', `/achievements/${outcome?.id ?? ''}`);
    expect(made.body).toMatchObject({ state: 'draft', name: 'Beekeeping' });
    const drafts = await school.call('get', '/achievements?state=draft');
    expect((drafts.body as { items: object[] }).items).toHaveLength(1);
  });

  it('for a pathway becomes a draft of it that a lead may switch on', async () => {
    const { id } = await propose({ kind: 'pathway', about: [achievement.id] });
    const { key } = await cairn.as('teacher');
    const { outcome } = (await decide(id, 'accept', {}, key)).body as Shown;
    expect((await school.call('get', `/pathways/${outcome?.id ?? ''}`)).body).toMatchObject({
      ...{ name: 'Beekeeping', kind: 'free', state: 'draft' },
      steps: [{ achievement: achievement.id, requires: [] }],
    });
  });

  it('for a kind of evidence goes into the draft of the achievement', async () => {
    const about = [achievement.id];
    const { id } = await propose({ kind: 'evidence', title: 'A radio play', about });
    expect((await decide(id, 'accept')).status).toBe(200);
    const shown = await school.call('get', `/achievements/${achievement.id}`);
    expect(shown.body).toMatchObject({
      ...{ version: 1, evidencePolicy: { minItems: 1, accepted: ['A radio play'] } },
    });
  });

  it('is edited and declined with words, and its history stays', async () => {
    const learner = await cairn.as('learner');
    const { id } = await propose({ kind: 'achievement' }, learner);
    for (const verdict of ['edit', 'decline']) {
      expect((await decide(id, verdict)).body).toMatchObject({ code: 'request.invalid' });
    }
    await decide(id, 'edit', { title: 'Bees', reason: 'Shorter.' });
    const declined = await decide(id, 'decline', { reason: 'We have it already.' });
    expect(declined.body).toMatchObject({ state: 'declined', title: 'Bees' });
    const shown = (await school.call('get', `/proposals/${id}`, learner.key)).body as Shown;
    expect(shown.history).toMatchObject([
      { kind: 'proposed', title: 'Beekeeping', by: learner.id },
      { kind: 'edited', title: 'Bees', reason: 'Shorter.' },
      { kind: 'declined', reason: 'We have it already.' },
    ]);
    const late = await decide(id, 'accept');
    expect(late.body).toMatchObject({ status: 409, code: 'proposal.decided' });
  });

  it.each([
    ['evidence for nothing', { kind: 'evidence' }, 'proposal.about_missing'],
    [
      'what is unknown',
      { kind: 'pathway', about: [crypto.randomUUID()] },
      'proposal.unknown_achievement',
    ],
    ['another kind', { kind: 'holiday' }, 'request.invalid'],
    ['words that cannot be signed', { kind: 'achievement', title: '{{ x }}' }, 'request.invalid'],
  ])('is refused for %s', async (_what, body, code) => {
    const { key } = await cairn.as('learner');
    const proposal = { title: 'Bees', text: 'Keeps bees.', ...body };
    const refused = await school.call('post', '/proposals', key).send(proposal);
    expect(refused.body).toMatchObject({ status: 400, code });
    expect((await school.call('get', '/proposals', key)).body).toEqual({ items: [] });
  });

  it('is for its learner, their family and staff to see, and goes with the learner', async () => {
    const circle = await addCircle(cairn, school);
    const { id } = await propose({ kind: 'achievement' }, circle.learner);
    expect(await askAll(school, circle, `/proposals/${id}`)).toEqual(familyAndStaff);
    const path = `/proposals?learner=${circle.learner.id}`;
    expect(await askAll(school, circle, path)).toEqual(familyAndStaff);
    expect((await school.call('get', '/proposals', circle.other.key)).body).toEqual({ items: [] });
    await school.call('delete', `/people/${circle.learner.id}`);
    expect((await school.call('get', `/proposals/${id}`)).status).toBe(404);
  });
});
