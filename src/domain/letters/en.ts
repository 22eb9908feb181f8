import { capitalize, type Terms } from '../vocabulary.ts';
import type { ChartWords, Letters, WriteLetters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'one day' : `${count} days`);
const times = (count = 0) => (count === 1 ? 'once' : `${count} times`);
const quote = (name = '') => (name === '' ? 'the same work' : `“${name}”`);

export const english: WriteLetters = (say) => ({
  language: 'en',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Nothing new for ${days(count)}.`;
    if (kind === 'sent-back') return `${quote(achievement)} was sent back ${times(count)}.`;
    if (kind === 'behind-pace') return `Behind the pace that was chosen, by ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `${quote(achievement)} was handed in, but the ${say('level')} ${quote(previous)} comes first.`;
    }
    return `Somebody at the ${say('school')} would like to help.`;
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
    earned: `${capitalize(say('achievement', 'several'))} earned`,
    returned: 'Returned with feedback',
    stuck: 'Where help is needed',
  },
  quiet: 'There was nothing new this week.',
  unsubscribe: `You get this letter once a week. To stop it, tell your ${say('school')}.`,
  stop: 'You get this letter once a week. To stop it:',
  step: writeStep(say),
  more: (count) => ` and ${count} more`,
  unpublished: `one ${say('achievement')} that is not published`,
  estimate: writeEstimate(say),
  pace: ({ perMonth, lastMonth, chosen }) => {
    const facts = `${perMonth} ${say('achievement', perMonth)} a month lately, ${lastMonth} in the last 30 days.`;
    if (chosen === undefined) return facts;
    return `${facts} The pace chosen is ${chosen.perMonth} a month; no date fails anybody.`;
  },
  chart: writeChart(say),
});

const writeStep =
  (say: Terms): Letters['step'] =>
  (step, names) => {
    const those = step.achievements.length;
    const these = (term: 'achievement' | 'boss') =>
      `${those === 1 ? 'this' : 'these'} ${say(term, those)}`;
    switch (step.kind) {
      case 'previous-level':
        return `First comes the ${say('level')} before: ${names}.`;
      case 'must-have':
        return `Nobody gets around ${these('achievement')}: ${names}.`;
      case 'pool':
        return step.count === those
          ? `Earn ${these('achievement')}: ${names}.`
          : `Earn ${step.count} more of these ${say('achievement', 'several')}: ${names}.`;
      case 'boss':
        return step.count === those
          ? `Then take on ${these('boss')}: ${names}.`
          : `Then take on ${step.count} of these ${say('boss', 'several')}: ${names}.`;
    }
  };

const writeEstimate =
  (say: Terms): Letters['estimate'] =>
  (reason) => {
    const standard = say('standard');
    switch (reason.kind) {
      case 'highest':
        return `The highest step of ${reason.of} found for this ${standard}. It was reached ${times(reason.times)}.`;
      case 'latest':
        return reason.tie
          ? `The latest step found for this ${standard}; of those of the same moment the higher one.`
          : `The latest step found for this ${standard}.`;
      case 'mode':
        return reason.tied.length > 1
          ? `${reason.tied.join(' and ')} were found equally often in the last ${reason.of} for this ${standard}: the more recent counts.`
          : `Found ${times(reason.most)} in the last ${reason.of} for this ${standard}.`;
      case 'decaying-average': {
        const [newest, rest] = [reason.percent, 100 - reason.percent];
        return reason.of === 1
          ? `One step was found so far for this ${standard}.`
          : `The newest of ${reason.of} found for this ${standard} weighs ${newest} %, all before it ${rest} %. Named is the highest step that this reaches.`;
      }
      case 'n-times':
        return reason.reached
          ? `The highest step that was reached at least ${times(reason.times)} for this ${standard}.`
          : `Judged ${reason.of} of the ${reason.times} times that this ${standard} takes.`;
    }
  };

const writeChart = (say: Terms): ChartWords => ({
  competency: (learner) => `Competency chart: ${learner}`,
  stickers: (learner) => `Stickers: ${learner}`,
  summary: (framework, { held, all, day }) =>
    `${framework}: ${held} of ${all} ${say('achievement', all)} earned by ${day}.`,
  level: (ordinal, name) => `${capitalize(say('level'))} ${ordinal}: ${name}`,
  others: capitalize(say('achievement', 'several')),
  states: {
    held: 'earned',
    in_review: 'in review',
    returned: 'not yet: try again',
    started: 'started',
    open: 'not yet',
    locked: 'comes later',
  },
});
