import { capitalize, type Terms } from '../vocabulary.ts';
import type { ChartWords, Letters, WriteLetters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'un día' : `${count} días`);
const times = (count = 0) => (count === 1 ? 'una vez' : `${count} veces`);
const quote = (name = '') => (name === '' ? 'el mismo trabajo' : `«${name}»`);

// Without articles before a school's own words: nobody tells us their gender.
export const spanish: WriteLetters = (say) => ({
  language: 'es',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Desde hace ${days(count)} no hay nada nuevo.`;
    if (kind === 'sent-back') {
      return `Para mejorarlo se devolvió ${times(count)}: ${quote(achievement)}.`;
    }
    if (kind === 'behind-pace') return `Con retraso sobre el ritmo elegido: ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `Se entregó ${quote(achievement)}, pero antes va ${quote(previous)} (${say('level')}).`;
    }
    return `Alguien quiere ayudar (${say('school')}).`;
  },
  helper: (name) => `${name} está ayudando.`,
  mentor: (name, achievement) => `${name} está ayudando con ${quote(achievement)}.`,
  resolved: 'Esto ya está resuelto.',
  subject: (school) => `La semana en ${school}`,
  greeting: (name) => `Hola, ${name}:`,
  week: (learner) => `La semana de ${learner}`,
  headings: {
    submitted: 'Entregado',
    inReview: 'En revisión',
    earned: `Conseguido (${say('achievement', 'several')})`,
    returned: 'Devuelto con comentarios',
    stuck: 'Donde hace falta ayuda',
  },
  quiet: 'Esta semana no hubo nada nuevo.',
  unsubscribe: `Recibe esta carta una vez por semana. Para no recibirla, basta con decirlo (${say('school')}).`,
  stop: 'Recibe esta carta una vez por semana. Para no recibirla más:',
  step: writeStep(say),
  more: (count) => ` y ${count} más`,
  unpublished: `sin publicar (${say('achievement')})`,
  estimate: writeEstimate,
  pace: ({ perMonth, lastMonth, chosen }) => {
    const facts = `Últimamente ${number(perMonth)} al mes (${say('achievement', perMonth)}), ${lastMonth} en los últimos 30 días.`;
    if (chosen === undefined) return facts;
    return `${facts} El ritmo elegido: ${number(chosen.perMonth)} al mes; ninguna fecha hace suspender a nadie.`;
  },
  chart: writeChart(say),
});

const number = (value: number) => value.toLocaleString('es');

const writeStep =
  (say: Terms): Letters['step'] =>
  (step, names) => {
    const those = step.achievements.length;
    switch (step.kind) {
      case 'previous-level':
        return `Antes va lo anterior (${say('level')}): ${names}.`;
      case 'must-have':
        return `Nadie puede prescindir de esto (${say('achievement', those)}): ${names}.`;
      case 'pool':
        return step.count === those
          ? `Por conseguir (${say('achievement', those)}): ${names}.`
          : `Por conseguir, ${step.count} más de esta lista (${say('achievement', 'several')}): ${names}.`;
      case 'boss':
        return step.count === those
          ? `Después (${say('boss', those)}): ${names}.`
          : `Después, ${step.count} de esta lista (${say('boss', 'several')}): ${names}.`;
    }
  };

function writeEstimate(reason: Parameters<Letters['estimate']>[0]): string {
  switch (reason.kind) {
    case 'highest':
      return `El paso más alto de los encontrados (${reason.of}). Se alcanzó ${times(reason.times)}.`;
    case 'latest':
      return reason.tie
        ? 'El último paso encontrado; de los del mismo momento, el más alto.'
        : 'El último paso encontrado.';
    case 'mode':
      return reason.tied.length > 1
        ? `${reason.tied.join(' y ')}: igual de frecuentes en los últimos ${reason.of}; cuenta el más reciente.`
        : `Encontrado ${times(reason.most)} en los últimos ${reason.of}.`;
    case 'decaying-average': {
      const [newest, rest] = [reason.percent, 100 - reason.percent];
      return reason.of === 1
        ? 'Hasta ahora se encontró un solo paso.'
        : `El más reciente de ${reason.of} pesa ${newest} %; todos los anteriores, ${rest} %. Se nombra el paso más alto que esto alcanza.`;
    }
    case 'n-times':
      return reason.reached
        ? `El paso más alto que se alcanzó al menos ${times(reason.times)}.`
        : `Valorado ${times(reason.of)}; hacen falta ${reason.times}.`;
  }
}

const writeChart = (say: Terms): ChartWords => ({
  competency: (learner) => `Mapa de competencias: ${learner}`,
  stickers: (learner) => `Pegatinas: ${learner}`,
  summary: (framework, { held, all, day }) =>
    `${framework}: ${held} de ${all} (${say('achievement', all)}) a fecha de ${day}.`,
  level: (ordinal, name) => `${capitalize(say('level'))} ${ordinal}: ${name}`,
  others: capitalize(say('achievement', 'several')),
  states: {
    held: 'conseguido',
    in_review: 'en revisión',
    returned: 'aún no: otra vez',
    started: 'empezado',
    open: 'aún no',
    locked: 'más adelante',
  },
});
