import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels } from '../support/levels.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';

// A level that certified itself, judged by software that others wrote.

interface Proved {
  readonly proof: { readonly verificationMethod: string };
}

let cairn: TestCairn;
let document: Proved;

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openLevels(cairn);
  const made = await school.many(['Fair tests', 'Graphs']);
  const boss = await school.boss('Field study');
  const level = await school.levelOf(1);
  const rule = { boss: { achievements: [boss.id], require: 'all' } };
  await school.call('put', school.ruleAt(1)).send(school.rule(made, level, rule));
  await school.settle();
  const learner = await cairn.as('learner');
  await school.earn(learner.id, [...made, boss]);
  const [credential] = await school.credentialsOf(learner.id, level.id);
  const found = await school.call('get', `/credentials/${credential?.id ?? ''}`);
  ({ document } = found.body as { document: Proved });
});
afterAll(async () => {
  await cairn.close();
});

describeWithSharedData('the official Open Badges 3.0 JSON schemas, of a level', () => {
  const folder = 'spec/schemas';

  it.each([
    [
      '2026, what is served now',
      `${folder}/ob3-jsonld-2026/ob_v3p0_achievementcredential_schema.json`,
    ],
    [
      '2024, formal, but for the single proof',
      `${folder}/ob3-formal-2024/achievementcredential.json`,
    ],
  ])('%s', (name, path) => {
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(readSharedJson(path) as object);
    validate(document);
    const others = validate.errors?.filter(({ instancePath }) => instancePath !== '/proof');
    expect([name, others ?? []]).toEqual([name, []]);
  });
});

it('@digitalbazaar/vc, as it comes, verifies a level', async () => {
  const { organization } = await cairn.services.organizations.operator();
  const did = await cairn.services.issuers.getDidDocument(organization);
  const used = document.proof.verificationMethod;
  const method = did.verificationMethod.find(({ id }) => id === used);
  const known = new Map<string, object>([
    [did.id, did],
    [used, { ...method }],
  ]);
  const verify = (credential: object) =>
    verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: withDocuments(loadContexts(), known),
      checkStatus: () => Promise.resolve({ verified: true }),
    });
  expect(await verify(document)).toMatchObject({ verified: true });
  expect(await verify({ ...document, name: 'Level 9' })).toMatchObject({ verified: false });
});
