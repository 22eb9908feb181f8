import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { startCairn, type TestCairn } from './cairn.ts';

interface Created {
  readonly id: string;
  readonly framework: { readonly id: string };
  readonly items: readonly { readonly id: string }[];
  readonly rubric: readonly {
    readonly id: string;
    readonly levels: readonly { readonly id: string }[];
  }[];
}

export interface BadgeTexts {
  readonly school?: string;
  readonly name?: string;
  readonly description?: string;
  readonly criteria?: string;
  readonly standard?: string;
  readonly learner?: string;
  readonly narrative?: string;
  readonly evidenceName?: string;
  readonly evidenceNarrative?: string;
}

const texts = {
  school: 'Alder Creek School',
  name: 'Linear or exponential?',
  description:
    'Tells linear from exponential growth in situations from life, models both, and explains the difference to others.',
  criteria:
    'Find **two situations** from your own life, one that grows by equal steps and one that grows by equal factors.\n\n1. Collect data for both.\n2. Model each with a function.\n3. Explain to somebody who has not seen the data which is which, *and how you know*.',
  standard:
    'Distinguish between situations that can be modeled with linear and exponential functions',
  learner: 'Noa Lindqvist',
  narrative:
    'Noa compared the savings of a school kiosk with the spread of duckweed on the mill pond, and taught the difference to a class two years younger.',
  evidenceName: 'Duckweed on the mill pond',
  evidenceNarrative: 'Six weeks of photographs, counted and fitted.',
} satisfies Required<BadgeTexts>;

const levels = (...descriptions: readonly string[]) =>
  ['Beginning', 'Developing', 'Proficient', 'Advanced'].map((name, index) => ({
    name,
    description: descriptions[index],
  }));

const rubric = [
  {
    name: 'Modelling',
    description: 'Finds the function behind the data.',
    levels: levels(
      'Describes the change in words.',
      'Models one of the two.',
      'Models both and says what the numbers mean.',
      'Models both and says where the models end.',
    ),
    requiredLevel: 'Proficient',
  },
  {
    name: 'Reasoning',
    description: 'Says why it must be so.',
    levels: levels(
      'Names a difference.',
      'Compares steps.',
      'Argues with steps and factors.',
      'Proves it for every such function.',
    ),
    requiredLevel: 'Proficient',
  },
  {
    name: 'Communication',
    description: 'Is understood by others.',
    levels: levels(
      'Shows the data.',
      'Explains with help.',
      'Explains so that others can repeat it.',
      'Answers questions that nobody prepared.',
    ),
    requiredLevel: 'Developing',
  },
];

/** A school with one achievement, and how it awards it. Words of one's own go wherever people may write. */
export async function openBadgeSchool(cairn: TestCairn, own: BadgeTexts = {}) {
  const words = { ...texts, ...own };
  const call = async (method: 'get' | 'post' | 'put' | 'patch', path: string, body?: object) => {
    const agent = request(cairn.app);
    const answer = await agent[method](`/api/v1${path}`)
      .auth(cairn.owner, { type: 'bearer' })
      .send(body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body as Created;
  };

  const { id: organization } = await call('patch', '/organization', {
    name: words.school,
    description: 'A public school where learning is constant and time is not.',
    policy: { nameInCredential: true },
    url: 'https://alder-creek.example/',
    email: 'office@alder-creek.example',
  });
  const quoted = words.standard.replaceAll('"', '""');
  const imported = await request(cairn.app)
    .post('/api/v1/frameworks/import?title=Mathematics')
    .auth(cairn.owner, { type: 'bearer' })
    .type('text/csv')
    .send(
      `code,statement\nHSF.LE.1,"${quoted}"\nHSF.LE.2,"Construct linear and exponential functions"\n`,
    );
  const framework = (imported.body as Created).framework.id;
  await call('put', `/frameworks/${framework}/levels`, [
    { ordinal: 1, name: 'Level 1: Pathfinder', description: 'First steps' },
    { ordinal: 2, name: 'Level 2: Explorer', description: 'Further on' },
  ]);
  const standards = await call('get', `/frameworks/${framework}/standards`);
  const draft = await call('post', '/achievements', {
    kind: 'microcredential',
    name: words.name,
    description: words.description,
    criteria: words.criteria,
    standards: standards.items.map(({ id }) => id),
    level: 2,
    rubric,
    tags: ['mathematics', 'functions'],
    evidencePolicy: { minItems: 1, instructions: 'Your data and your explanation.' },
  });
  const achievement = await call('post', `/achievements/${draft.id}/publish`);

  return { organization, achievement: achievement.id, call, award, publish, revoke };

  /** @returns the id of the credential, which is still private */
  async function award(): Promise<string> {
    const learner = await call('post', '/people', {
      name: words.learner,
      email: `noa-${Math.random().toString(36).slice(2)}@alder-creek.example`,
      roles: ['learner'],
      adult: true,
    });
    const issuance = await call('post', '/awards', {
      learner: learner.id,
      achievement: achievement.id,
      narrative: words.narrative,
      evidence: [
        {
          name: words.evidenceName,
          narrative: words.evidenceNarrative,
          url: 'https://evidence.example/duckweed?week=6',
        },
        { name: 'Lesson for year 8', narrative: 'Held on 12 November; the class asked for more.' },
      ],
      results: achievement.rubric.map((criterion, index) => ({
        criterion: criterion.id,
        level: criterion.levels[index === 1 ? 3 : 2]?.id,
      })),
    });
    await cairn.services.issuances.process(issuance.id);
    const issued = (await call('get', `/issuances/${issuance.id}`)) as unknown as {
      credential: string;
    };
    return issued.credential;
  }

  async function publish(credential: string): Promise<void> {
    await call('post', `/credentials/${credential}/publish`);
  }

  async function revoke(credential: string): Promise<void> {
    await call('post', `/credentials/${credential}/revoke`, { reason: 'Awarded by mistake.' });
  }
}

/** Cairn on a port of its own, at the address that it puts into what it signs. */
export async function serveCairn(): Promise<
  TestCairn & { readonly url: string; stop: () => Promise<void> }
> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const cairn = await startCairn({ env: { CAIRN_URL: url } });
  server.on('request', cairn.app);
  return { ...cairn, url, stop: () => stop(server, cairn) };
}

async function stop(server: Server, cairn: TestCairn): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await cairn.close();
}

/** One badge in each state. */
export async function awardInEachState(cairn: TestCairn) {
  const operator = await cairn.services.organizations.operator();
  const badges = await openBadgeSchool(cairn);
  const [valid, revoked, suspended] = [
    await badges.award(),
    await badges.award(),
    await badges.award(),
  ];
  await badges.revoke(revoked);
  await cairn.services.credentialStatus.suspend(operator, suspended, 'Looked into.');
  return { operator, valid, revoked, suspended };
}
