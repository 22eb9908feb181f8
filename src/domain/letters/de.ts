import { capitalize, type Terms } from '../vocabulary.ts';
import type { ChartWords, Letters, WriteLetters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'einem Tag' : `${count} Tagen`);
const times = (count = 0) => (count === 1 ? 'einmal' : `${count}-mal`);
const quote = (name = '') => (name === '' ? 'dieselbe Arbeit' : `„${name}“`);

// Without articles before a school's own words: nobody tells us their gender or their cases.
export const german: WriteLetters = (say) => ({
  language: 'de',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Seit ${days(count)} gibt es nichts Neues.`;
    if (kind === 'sent-back') return `${quote(achievement)} kam ${times(count)} zurück.`;
    if (kind === 'behind-pace') return `Hinter dem gewählten Tempo: um ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `${quote(achievement)} wurde abgegeben, aber ${quote(previous)} kommt davor (${say('level')}).`;
    }
    return `Jemand möchte helfen (${say('school')}).`;
  },
  helper: (name) => `${name} hilft dabei.`,
  mentor: (name, achievement) => `${name} hilft bei ${quote(achievement)}.`,
  resolved: 'Das ist erledigt.',
  subject: (school) => `Die Woche (${school})`,
  greeting: (name) => `Guten Tag, ${name},`,
  week: (learner) => `Die Woche von ${learner}`,
  headings: {
    submitted: 'Abgegeben',
    inReview: 'Wird gelesen',
    earned: `Geschafft (${say('achievement', 'several')})`,
    returned: 'Mit Rückmeldung zurück',
    stuck: 'Wo Hilfe gebraucht wird',
  },
  quiet: 'Diese Woche gab es nichts Neues.',
  unsubscribe: `Dieser Brief kommt einmal in der Woche. Wer ihn nicht möchte, sagt es bitte (${say('school')}).`,
  stop: 'Dieser Brief kommt einmal in der Woche. Hier wird er abbestellt:',
  step: writeStep(say),
  more: (count) => ` und ${count} weitere`,
  unpublished: `nicht veröffentlicht (${say('achievement')})`,
  estimate: writeEstimate,
  pace: ({ perMonth, lastMonth, chosen }) => {
    const facts = `Zuletzt ${number(perMonth)} im Monat (${say('achievement', perMonth)}), ${lastMonth} in den letzten 30 Tagen.`;
    if (chosen === undefined) return facts;
    return `${facts} Das gewählte Tempo: ${number(chosen.perMonth)} im Monat; kein Datum lässt jemanden durchfallen.`;
  },
  chart: writeChart(say),
});

const number = (value: number) => value.toLocaleString('de');

const writeStep =
  (say: Terms): Letters['step'] =>
  (step, names) => {
    const those = step.achievements.length;
    switch (step.kind) {
      case 'previous-level':
        return `Zuerst kommt, was davor liegt (${say('level')}): ${names}.`;
      case 'must-have':
        return `Daran führt kein Weg vorbei (${say('achievement', those)}): ${names}.`;
      case 'pool':
        return step.count === those
          ? `Noch zu schaffen (${say('achievement', those)}): ${names}.`
          : `Noch zu schaffen, ${step.count} aus dieser Liste (${say('achievement', 'several')}): ${names}.`;
      case 'boss':
        return step.count === those
          ? `Danach (${say('boss', those)}): ${names}.`
          : `Danach ${step.count} aus dieser Liste (${say('boss', 'several')}): ${names}.`;
    }
  };

function writeEstimate(reason: Parameters<Letters['estimate']>[0]): string {
  switch (reason.kind) {
    case 'highest':
      return `Der höchste Schritt von ${reason.of}, die gefunden wurden. Er wurde ${times(reason.times)} erreicht.`;
    case 'latest':
      return reason.tie
        ? 'Der Schritt, der zuletzt gefunden wurde; von gleichzeitigen der höhere.'
        : 'Der Schritt, der zuletzt gefunden wurde.';
    case 'mode':
      return reason.tied.length > 1
        ? `${reason.tied.join(' und ')}: gleich oft in den letzten ${reason.of}; der jüngere zählt.`
        : `In den letzten ${reason.of} ${times(reason.most)} gefunden.`;
    case 'decaying-average': {
      const [newest, rest] = [reason.percent, 100 - reason.percent];
      return reason.of === 1
        ? 'Bisher wurde ein einziger Schritt gefunden.'
        : `Das jüngste von ${reason.of} Urteilen wiegt ${newest} %, alle davor ${rest} %. Genannt ist der höchste Schritt, den das erreicht.`;
    }
    case 'n-times':
      return reason.reached
        ? `Der höchste Schritt, der mindestens ${times(reason.times)} erreicht wurde.`
        : `${capitalize(times(reason.of))} beurteilt; ${times(reason.times)} muss es sein.`;
  }
}

const writeChart = (say: Terms): ChartWords => ({
  competency: (learner) => `Kompetenzen: ${learner}`,
  stickers: (learner) => `Sticker: ${learner}`,
  summary: (framework, { held, all, day }) =>
    `${framework}: ${held} von ${all} (${say('achievement', all)}), Stand ${day}.`,
  level: (ordinal, name) => `${capitalize(say('level'))} ${ordinal}: ${name}`,
  others: capitalize(say('achievement', 'several')),
  states: {
    held: 'geschafft',
    in_review: 'wird gelesen',
    returned: 'noch einmal',
    started: 'begonnen',
    open: 'noch nicht',
    locked: 'kommt später',
  },
});
