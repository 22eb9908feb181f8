/** The things that a school may call by its own words. */
export const terms = [
  'achievement',
  'badge',
  'boss',
  'course',
  'credit',
  'criterion',
  'evidence',
  'framework',
  'guardian',
  'learner',
  'level',
  'mentor',
  'microcredential',
  'pathway',
  'review',
  'rubric',
  'school',
  'standard',
  'submission',
  'teacher',
  'transcript',
] as const;

export type Term = (typeof terms)[number];

/** A word by the plural categories of its language (CLDR): Polish, for one, has `few` and `many`. */
export interface WordForms {
  readonly one: string;
  readonly other: string;
  readonly zero?: string | undefined;
  readonly two?: string | undefined;
  readonly few?: string | undefined;
  readonly many?: string | undefined;
}

type Words = Readonly<Record<Term, WordForms>>;

const word = (one: string, other: string): WordForms => ({ one, other });

const en: Words = {
  achievement: word('achievement', 'achievements'),
  badge: word('badge', 'badges'),
  boss: word('boss', 'bosses'),
  course: word('course', 'courses'),
  credit: word('mastery credit', 'mastery credits'),
  criterion: word('criterion', 'criteria'),
  evidence: word('evidence', 'evidence'),
  framework: word('framework', 'frameworks'),
  guardian: word('guardian', 'guardians'),
  learner: word('learner', 'learners'),
  level: word('level', 'levels'),
  mentor: word('mentor', 'mentors'),
  microcredential: word('microcredential', 'microcredentials'),
  pathway: word('pathway', 'pathways'),
  review: word('review', 'reviews'),
  rubric: word('rubric', 'rubrics'),
  school: word('school', 'schools'),
  standard: word('standard', 'standards'),
  submission: word('submission', 'submissions'),
  teacher: word('teacher', 'teachers'),
  transcript: word('transcript', 'transcripts'),
};

const es: Words = {
  achievement: word('logro', 'logros'),
  badge: word('insignia', 'insignias'),
  boss: word('reto final', 'retos finales'),
  course: word('curso', 'cursos'),
  credit: word('crédito de dominio', 'créditos de dominio'),
  criterion: word('criterio', 'criterios'),
  evidence: word('evidencia', 'evidencias'),
  framework: word('marco', 'marcos'),
  guardian: word('tutor legal', 'tutores legales'),
  learner: word('estudiante', 'estudiantes'),
  level: word('nivel', 'niveles'),
  mentor: word('mentor', 'mentores'),
  microcredential: word('microcredencial', 'microcredenciales'),
  pathway: word('itinerario', 'itinerarios'),
  review: word('revisión', 'revisiones'),
  rubric: word('rúbrica', 'rúbricas'),
  school: word('escuela', 'escuelas'),
  standard: word('estándar', 'estándares'),
  submission: word('entrega', 'entregas'),
  teacher: word('docente', 'docentes'),
  transcript: word('expediente', 'expedientes'),
};

const de: Words = {
  achievement: word('Lernziel', 'Lernziele'),
  badge: word('Badge', 'Badges'),
  boss: word('Meisterprüfung', 'Meisterprüfungen'),
  course: word('Kurs', 'Kurse'),
  credit: word('Kompetenzpunkt', 'Kompetenzpunkte'),
  criterion: word('Kriterium', 'Kriterien'),
  evidence: word('Nachweis', 'Nachweise'),
  framework: word('Rahmenplan', 'Rahmenpläne'),
  guardian: word('Sorgeberechtigte', 'Sorgeberechtigte'),
  learner: word('Lernende', 'Lernende'),
  level: word('Stufe', 'Stufen'),
  mentor: word('Lernpatin oder Lernpate', 'Lernpaten'),
  microcredential: word('Teilnachweis', 'Teilnachweise'),
  pathway: word('Lernweg', 'Lernwege'),
  review: word('Begutachtung', 'Begutachtungen'),
  rubric: word('Bewertungsraster', 'Bewertungsraster'),
  school: word('Schule', 'Schulen'),
  standard: word('Standard', 'Standards'),
  submission: word('Einreichung', 'Einreichungen'),
  teacher: word('Lehrkraft', 'Lehrkräfte'),
  transcript: word('Zeugnis', 'Zeugnisse'),
};

/** By language; no other has words built in. */
export const defaultWords: Readonly<Record<string, Words>> = { en, es, de };
