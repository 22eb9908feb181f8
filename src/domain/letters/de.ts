import type { Letters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'einem Tag' : `${count} Tagen`);
const times = (count = 0) => (count === 1 ? 'einmal' : `${count}-mal`);
const quote = (name = '') => (name === '' ? 'dieselbe Arbeit' : `„${name}“`);

export const german: Letters = {
  language: 'de',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Seit ${days(count)} gibt es nichts Neues.`;
    if (kind === 'sent-back') return `${quote(achievement)} kam ${times(count)} zurück.`;
    if (kind === 'behind-pace') return `Hinter dem gewählten Tempo: um ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `${quote(achievement)} wurde abgegeben, aber ${quote(previous)} kommt davor.`;
    }
    return 'Jemand aus der Schule möchte helfen.';
  },
  helper: (name) => `${name} hilft dabei.`,
  mentor: (name, achievement) => `${name} hilft bei ${quote(achievement)}.`,
  resolved: 'Das ist erledigt.',
  subject: (school) => `Die Woche an der Schule: ${school}`,
  greeting: (name) => `Guten Tag, ${name},`,
  week: (learner) => `Die Woche von ${learner}`,
  headings: {
    submitted: 'Abgegeben',
    inReview: 'Wird gelesen',
    earned: 'Geschafft',
    returned: 'Mit Rückmeldung zurück',
    stuck: 'Wo Hilfe gebraucht wird',
  },
  quiet: 'Diese Woche gab es nichts Neues.',
  unsubscribe:
    'Dieser Brief kommt einmal in der Woche. Wer ihn nicht möchte, sagt es bitte der Schule.',
  stop: 'Dieser Brief kommt einmal in der Woche. Hier wird er abbestellt:',
};
