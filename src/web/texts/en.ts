import { capitalize, type Terms } from '../../domain/vocabulary.ts';

const all = (say: Terms, ...[term]: Parameters<Terms>) => capitalize(say(term, 'several'));

/** How much of a pool a level takes. */
export interface Amount {
  readonly pool: number;
  readonly needed: number;
  /** As the language writes it. */
  readonly percent: string;
  readonly minCount: number;
}

/** What pages say in English, with the school's words in it; the other languages say the same. */
export const en = {
  layout: {
    skip: 'Skip to the content',
    main: 'Main',
    more: 'More',
    verify: 'Verify a badge',
    about: 'About this Cairn',
    reference: 'API reference',
    footer: {
      before: 'Cairn issues and checks ',
      after: ': digital credentials that anybody can verify, without an account.',
    },
  },
  rubric: {
    step: (number: number) => `Step ${number}`,
    none: 'No result',
    reached: 'Reached',
    required: 'Required',
    result: 'Result',
    statuses: {
      Completed: 'Completed',
      Enrolled: 'Enrolled',
      Failed: 'Failed',
      InProgress: 'In progress',
      OnHold: 'On hold',
      Provisional: 'Provisional',
      Withdrew: 'Withdrawn',
    },
  },
  achievement: {
    kinds: {
      microcredential: (say: Terms) => capitalize(say('microcredential')),
      boss: (say: Terms) =>
        `${capitalize(say('boss'))}: draws on several skills of one ${say('level')}`,
      level: (say: Terms) => `Certifies one ${say('level')}`,
      credit: (say: Terms) => capitalize(say('credit')),
    },
    kind: 'Kind',
    issuedBy: 'Issued by',
    version: 'Version',
    published: (number: number) => `${number}, published `,
    picture: (name: string) => `Badge: ${name}`,
    retired: (say: Terms) =>
      `This ${say('achievement')} is no longer awarded. What was awarded stays as it is.`,
    old: (number: number) => `This is version ${number}, as what was awarded for it quotes it. `,
    newest: 'See the newest version',
    about: 'What it stands for',
    criteria: 'What has to be shown',
    handIn: (say: Terms) => `What to hand in as ${say('evidence')}`,
    welcome: 'These are welcome; nothing else is refused for its kind:',
    subjects: 'Subjects',
    rubric: (say: Terms) => `How it is judged: ${say('rubric')}`,
    caption: (say: Terms) => `The steps of each ${say('criterion')}, and what is required`,
    standards: (say: Terms) => all(say, 'standard'),
    decides: 'Who decides, and how',
    policy: (say: Terms) => `Mastery policy of this ${say('school')}`,
    selfAssessment: (say: Terms) =>
      `Whoever hands in work for this ${say('achievement')} judges it, too, by the same ${say('rubric')}.`,
  },
  standard: {
    eyebrow: (say: Terms) => capitalize(say('standard')),
    about: 'Where it stands',
    framework: (say: Terms) => capitalize(say('framework')),
    kind: 'Kind',
    grade: 'Grade',
    state: 'State',
    retired: 'Retired: nothing new points at it',
    current: 'In use',
  },
  school: {
    eyebrow: (say: Terms) => capitalize(say('school')),
    description: (name: string) => `What ${name} teaches for mastery, and how it decides.`,
    about: 'About us',
    website: 'Website',
    email: 'E-mail',
    identity: 'Identity as an issuer',
    policy: 'How we decide what is mastered',
    policyNote: 'Made from the settings that are in force.',
    framework: 'What we promise every graduate',
    achievements: (say: Terms) => `${all(say, 'achievement')} that can be earned here`,
    none: 'Nothing is published yet.',
    more: 'Show older ones',
  },
  letters: {
    title: 'Stop the weekly letter?',
    text: (say: Terms) =>
      `It would not be mailed to you any more. What happens at the ${say('school')} stays the same.`,
    button: 'Stop the letter',
    stopped: 'The weekly letter is stopped',
    done: (say: Terms) =>
      `No more of them are mailed to you. If you want them again, tell your ${say('school')}.`,
  },
  issuer: {
    eyebrow: 'Issuer',
    description: (name: string) => `${name} issues Open Badges here.`,
    about: 'About this issuer',
    identity: 'Identity',
    signed: (say: Terms) =>
      `Each ${say('badge')} of this issuer is signed with a key that is published under this identity.`,
    keys: 'See its keys',
    school: (say: Terms) => `What can be earned at this ${say('school')}`,
  },
  learningFramework: {
    title: 'Learning framework',
    heading: (school: string) => `Learning framework of ${school}`,
    description: (school: string) =>
      `What ${school} promises every graduate, and what its credits stand for.`,
    changed: 'Last changed on ',
    graduates: 'What every graduate can do',
    tiers: { foundational: 'foundational', advanced: 'advanced' },
  },
  policy: {
    title: 'Mastery policy',
    heading: (school: string) => `How ${school} decides what is mastered`,
    description: (school: string) => `Which rules ${school} follows, as they are set now.`,
    lead: 'This page is made from the settings that are in force now. It changes when they change.',
    prose: 'In our own words',
    judging: 'How work is judged',
    rubric: (say: Terms) =>
      `${all(say, 'achievement')} say beforehand what has to be shown. ${all(say, 'rubric')} have one row for each ${say('criterion')}, with steps from lowest to highest. One step of each row is required.`,
    required: (say: Terms) =>
      `Work is approved when every ${say('criterion')} is at its required step or above it. Rows are neither averaged nor added up: more in one does not make up for less in another.`,
    readers: {
      never: (say: Terms) => `One ${say('teacher')} decides.`,
      boss: (say: Terms) =>
        `One ${say('teacher')} decides. For ${say('boss', 'several')}, two people have to approve, each for themselves.`,
      always: () => 'Two people have to approve, each for themselves.',
    },
    ownWork: 'Nobody reviews their own work.',
    override: (say: Terms) =>
      `Only those who lead the ${say('school')} may approve what is below a required step, and only with a written reason, which is recorded.`,
    selfAssessment: (say: Terms) =>
      `Whoever hands something in may judge it, too, by the same ${say('rubric')}; where that is asked for, it is part of the ${say('submission')}. It informs the ${say('review')} and decides nothing.`,
    again: 'Time, and another try',
    againText: (say: Terms) =>
      `Work that is not there yet comes back with feedback, and can be handed in again as often as it takes. No date and no number of ${say('submission', 'several')} makes anybody fail.`,
    levels: (say: Terms) => all(say, 'level'),
    levelsText: (say: Terms) =>
      `Each ${say('level')} is certified when enough of what belongs to it is held. It takes as long as it takes.`,
    rule: {
      share: (say: Terms, { pool, percent, needed }: Amount) =>
        `At least ${percent} of what belongs to it: ${needed} of ${pool} ${say('achievement', pool)}, as of now.`,
      count: (say: Terms, { pool, minCount }: Amount) =>
        `At least ${minCount} of ${pool} ${say('achievement', pool)}.`,
      both: (say: Terms, { pool, percent, minCount, needed }: Amount) =>
        `At least ${percent} of what belongs to it, and at least ${minCount}: ${needed} of ${pool} ${say('achievement', pool)}, as of now.`,
      mustHave: 'In any case:',
      bossAll: (say: Terms, count: number) => `And, at the end (${say('boss', count)}):`,
      bossAny: (say: Terms) => `And, at the end, one of these (${say('boss', 'several')}):`,
      previous: (say: Terms) => `The ${say('level')} before has to be certified first.`,
      certify: {
        'by-rule': 'It is certified at the moment when all of that is there.',
        'by-person': 'When all of that is there, a person looks at it and certifies it.',
      },
    },
    signed: 'What is signed, and who sees it',
    signedText: (say: Terms) =>
      `What was reached is signed as an Open Badge. It quotes the ${say('criterion', 'several')}, the ${say('standard', 'several')} and the ${say('evidence')}, and anybody can verify it without asking the school.`,
    named: {
      true: 'It holds the name of its earner, and the e-mail address only as a fingerprint.',
      false:
        'It does not hold the name of its earner, and the e-mail address only as a fingerprint.',
    },
    visibility: {
      private: 'It is private until its earner opens it to the public.',
      public:
        'It is private until its earner opens it to the public. What adults earn is public until they close it.',
    },
    rollUp: {
      title: 'How several judgements become one',
      rules: {
        highest: 'The highest step that was ever found counts.',
        latest: 'The step that was found last counts.',
        mode: (last: number) =>
          `Of the last ${last} that were found, the most frequent step counts; of equally frequent ones the more recent.`,
        'decaying-average': (percent: string) =>
          `What was found last weighs ${percent}, all before it together the rest, in the same way. The highest step that this reaches counts.`,
        'n-times': (times: number) =>
          `The highest step that was reached at least ${times} times counts.`,
      },
      example: (steps: string, found: string | undefined) =>
        found === undefined
          ? `An example: who was found at step ${steps} of 4, in this order, has no estimate yet.`
          : `An example: who was found at step ${steps} of 4, in this order, is at step ${found}.`,
      override:
        'A person may set another estimate by hand, only with a reason. It is shown as such, and recorded.',
    },
    support: {
      title: 'When somebody steps in',
      text: (say: Terms) =>
        `These facts, and no guesses about anybody, make the ${say('school')} look after its ${say('learner', 'several')}. They stop nobody’s clock.`,
      days: (days: number) => `Nothing moved for ${days} days.`,
      sentBack: (times: number) => `The same work was sent back ${times} times.`,
      behindPace: (say: Terms) => `The pace that the ${say('learner')} chose is not kept.`,
      missingLevel: (say: Terms) =>
        `Work is handed in although the ${say('level')} before it is missing.`,
      pauses: 'Holidays count for nobody.',
      seen: {
        true: (say: Terms) =>
          `The ${say('learner')} and their ${say('guardian', 'several')} are told, in plain words.`,
        false: (say: Terms) => `Only those who work at the ${say('school')} see it.`,
      },
    },
    consent: {
      title: 'What a family has to agree to',
      text: (say: Terms) =>
        `For minors, these wait until one of their ${say('guardian', 'several')} has agreed, who may take it back at any time:`,
      scopes: {
        public: () => 'opening something to the public',
        share: () => 'sharing something by a link',
        mentoring: (say: Terms) => `being helped by other ${say('learner', 'several')}`,
        digest: () => 'a weekly letter about what happened',
      },
    },
    calibration: {
      title: 'Whether we judge alike',
      text: (say: Terms, percent: string) =>
        `Of the ${say('review', 'several')} by one person, about ${percent} are done again by somebody else, who is told neither whose work it is nor what was found first. This changes no decision; it shows how often we agree.`,
      kinds: (kinds: string) => `It is done for these only: ${kinds}.`,
    },
    courses: (say: Terms) =>
      `One piece of work may count for several ${say('achievement', 'several')} of different ${say('framework', 'several')}. Each is judged for itself, by somebody who may.`,
    mentoring: {
      title: 'Help from one another',
      text: (say: Terms) =>
        `Those who have earned something here, and ${say('mentor', 'several')}, may offer to help others with it. Both have to agree, and minors learn each other’s names only then.`,
      consent: (say: Terms) =>
        `For minors, one of their ${say('guardian', 'several')} has to agree first.`,
    },
    digest: {
      title: 'A letter each week',
      text: (readers: string) =>
        `What happened in the week is written to ${readers}. Whoever does not want the letter stops it.`,
    },
    withdrawn: 'On hold, and withdrawn',
    suspended:
      'Suspended means on hold: it does not count until it is reinstated, which can happen at any time.',
    revoked:
      'Revoked means withdrawn for good: it never counts again. Whoever verifies it is told so, but not why.',
    recorded: 'What is recorded',
    recordedText:
      'Approving, approving against the rule, suspending, withdrawing, and changing these settings are recorded with who did it and when, and with the reason where one is asked for. The records are chained, so that a gap would show.',
  },
};

export type PageTexts = typeof en;
