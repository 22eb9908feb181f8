import type { Letters } from './types.ts';

const days = (count = 0) => (count === 1 ? 'un día' : `${count} días`);
const times = (count = 0) => (count === 1 ? 'una vez' : `${count} veces`);
const quote = (name = '') => (name === '' ? 'el mismo trabajo' : `«${name}»`);

export const spanish: Letters = {
  language: 'es',
  flag: ({ kind, count }, { achievement, previous }) => {
    if (kind === 'no-progress') return `Desde hace ${days(count)} no hay nada nuevo.`;
    if (kind === 'sent-back') {
      return `Para mejorarlo se devolvió ${times(count)}: ${quote(achievement)}.`;
    }
    if (kind === 'behind-pace') return `Con retraso sobre el ritmo elegido: ${count ?? 0}.`;
    if (kind === 'missing-level') {
      return `Se entregó ${quote(achievement)}, pero antes va ${quote(previous)}.`;
    }
    return 'Alguien de la escuela quiere ayudar.';
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
    earned: 'Conseguido',
    returned: 'Devuelto con comentarios',
    stuck: 'Donde hace falta ayuda',
  },
  quiet: 'Esta semana no hubo nada nuevo.',
  unsubscribe: 'Recibe esta carta una vez por semana. Para no recibirla, dígaselo a la escuela.',
  stop: 'Recibe esta carta una vez por semana. Para no recibirla más:',
};
