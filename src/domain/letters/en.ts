import type { Letters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'one day' : `${count} days`);
const times = (count = 0) => (count === 1 ? 'once' : `${count} times`);
const quote = (name = '') => (name === '' ? 'the same work' : `“${name}”`);

export const english: Letters = {
  language: 'en',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Nothing new for ${days(count)}.`;
    if (kind === 'sent-back') return `${quote(achievement)} was sent back ${times(count)}.`;
    if (kind === 'behind-pace') return `Behind the pace that was chosen, by ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `${quote(achievement)} was handed in, but ${quote(previous)} comes first.`;
    }
    return 'Somebody at school would like to help.';
  },
  helper: (name) => `${name} is helping.`,
  mentor: (name, achievement) => `${name} is helping with ${quote(achievement)}.`,
  resolved: 'This is resolved.',
  subject: (school) => `The week at ${school}`,
  greeting: (name) => `Hello ${name},`,
  week: (learner) => `The week of ${learner}`,
  headings: {
    submitted: 'Handed in',
    inReview: 'Being read',
    earned: 'Earned',
    returned: 'Returned with feedback',
    stuck: 'Where help is needed',
  },
  quiet: 'There was nothing new this week.',
  unsubscribe: 'You get this letter once a week. To stop it, tell your school.',
  stop: 'You get this letter once a week. To stop it:',
};
