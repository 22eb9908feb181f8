import type { AchievementVersion } from '../../src/domain/achievements.ts';
import type { Award } from '../../src/domain/awards.ts';
import { defaultPolicy, type Organization } from '../../src/domain/organizations.ts';
import type { Criterion } from '../../src/domain/rubrics.ts';
import type { Recipient } from '../../src/credentials/build/recipient.ts';

/** A UUID that says what it is for: `uuid(3)` ends in 3. */
export function uuid(number: number): string {
  return `5a3fd0c2-7c1e-4b7a-9d35-${number.toString(16).padStart(12, '0')}`;
}

export const organization: Organization = {
  id: uuid(1),
  name: 'Vall d’Incles School',
  description: 'A school that teaches for mastery.',
  url: 'https://school.example/',
  email: 'office@school.example',
  vocabulary: {},
  policy: { ...defaultPolicy, nameInCredential: true },
  createdAt: new Date('2026-01-07T08:00:00Z'),
};

function criterion(first: number, name: string): Criterion {
  const names = ['Beginning', 'Developing', 'Proficient', 'Advanced'];
  return {
    id: uuid(first),
    name,
    description: `How well the learner ${name.toLowerCase()}.`,
    levels: names.map((level, index) => ({
      id: uuid(first + 1 + index),
      name: level,
      description: `${level}: step ${index + 1} of ${names.length}.`,
      points: index + 1,
    })),
    requiredLevel: uuid(first + 3),
  };
}

function alignment(number: number, code: string, statement: string) {
  const identifier = uuid(number + 100);
  return {
    id: uuid(number),
    standard: uuid(number + 50),
    identifier,
    uri: `https://standards.example/ims/case/v1p1/CFItems/${identifier}`,
    statement,
    code,
    framework: { id: uuid(20), title: 'Mathematics, upper school' },
  };
}

/** Two criteria with four levels each, two standards, a level, tags and a language. */
export const version: AchievementVersion = {
  achievement: uuid(2),
  organization: organization.id,
  number: 3,
  kind: 'microcredential',
  name: 'Linear or exponential?',
  description: 'Tells linear from exponential growth, and says why.',
  criteria: 'Show **two** situations from life:\n\n1. one linear,\n2. one exponential.',
  standards: [uuid(71), uuid(72)],
  level: 2,
  levelName: 'Level 2: Explorer',
  rubric: [criterion(30, 'Models'), criterion(40, 'Explains')],
  evidencePolicy: { minItems: 1 },
  image: { kind: 'template', shape: 'stone', color: '#2a6f97', icon: 'chart' },
  language: 'en',
  tags: ['mathematics', 'functions'],
  alignments: [
    alignment(
      21,
      'HSF.LE.1',
      'Distinguish between situations that grow by \\(a+b\\) and by factors.',
    ),
    alignment(
      22,
      'HSF.LE.2',
      'Construct linear and exponential functions — from “tables” & graphs.',
    ),
  ],
  publishedAt: new Date('2026-09-01T10:00:00Z'),
};

export const award: Award = {
  id: uuid(4),
  organization: organization.id,
  learner: uuid(5),
  achievement: version.achievement,
  version: version.number,
  source: { kind: 'review', submission: uuid(6), review: uuid(7) },
  awardedBy: uuid(8),
  awardedAt: new Date('2026-11-20T14:30:00.123Z'),
  narrative: 'Compared the growth of a bank account with that of a tree.',
  evidence: [
    {
      id: uuid(11),
      name: 'Report',
      narrative: 'What I found out.',
      file: {
        blob: 'b1',
        name: 'report.pdf',
        type: 'application/pdf',
        size: 7,
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
    },
    { id: uuid(12), name: 'Video', url: 'https://video.example/watch?v=1&t=2' },
    { id: uuid(13), name: 'Talk', narrative: 'Explained it to the class.' },
  ],
  results: [
    { id: uuid(14), criterion: uuid(30), level: uuid(33) },
    { id: uuid(15), criterion: uuid(40), level: uuid(44) },
  ],
  state: 'live',
  issuance: {
    state: 'queued',
    attempts: 0,
    credential: uuid(9),
    keys: { dataIntegrity: 'set-by-the-test', jwt: 'set-by-the-test' },
    status: {
      list: uuid(10),
      index: 77_777,
      suspension: { list: uuid(11), index: 12_345 },
    },
    requestedAt: new Date('2026-11-22T09:00:00.789Z'),
  },
};

export const recipient: Recipient = {
  subject: uuid(16),
  email: { address: 'Ada@School.example', salt: '9f2d0c' },
  name: 'Ada Lovelace',
};
