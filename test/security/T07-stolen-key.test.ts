import { issueCredential, readKeyIds } from '../../src/credentials/sign/issue.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import type { Signer } from '../../src/credentials/keys/key-store.ts';
import type { AchievementCredential } from '../../src/credentials/types.ts';
import { newRandomId } from '../../src/shared/ids.ts';
import { startCairn } from '../support/cairn.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

// T07: somebody copies the private keys, signs badges of their own, and writes an early date into them.

const stolenAt = new Date('2026-11-22T09:00:00Z');
let time = new Date('2026-11-20T09:00:00Z');
let cairn: Awaited<ReturnType<typeof startCairn>>;
let signers: { dataIntegrity: Signer; jwt: Signer };
let honest: { document: string; jwt: string };
let late: { document: string; jwt: string };

beforeAll(async () => {
  cairn = await startCairn({ now: () => time });
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  const operator = await cairn.services.organizations.operator();
  const issue = async () => {
    const answer = await school.call('post', '/awards').send({
      learner: (await cairn.as('learner')).id,
      achievement: achievement.id,
      narrative: 'In the workshop.',
      results: resultsAt(achievement, 1),
    });
    const { id } = answer.body as { id: string };
    await cairn.services.issuances.process(id);
    const { issuance } = await cairn.services.issuances.get(operator, id);
    return cairn.services.credentials.get(operator, issuance.credential);
  };
  honest = await issue();
  const ids = readKeyIds(honest);
  signers = {
    dataIntegrity: await cairn.services.signingKeys.signerOf(ids.dataIntegrity),
    jwt: await cairn.services.signingKeys.signerOf(ids.jwt),
  };
  time = new Date('2026-11-22T10:00:00Z');
  late = await issue();
  time = new Date('2026-11-22T12:00:00Z');
  for (const id of [ids.dataIntegrity, ids.jwt]) {
    await cairn.services.signingKeys.compromise(operator, id, {
      at: stolenAt,
      reason: 'A backup was stolen.',
    });
  }
});
afterAll(async () => {
  await cairn.close();
});

/** What the thief makes: the honest badge for somebody else, with the real keys and the honest dates. */
async function forge() {
  const { proof: _proof, ...unsigned } = JSON.parse(honest.document) as AchievementCredential & {
    proof: unknown;
  };
  const id = unsigned.id.replace(/[^/]+$/, newRandomId());
  return issueCredential(
    { ...unsigned, id },
    {
      urls: cairn.cairn.urls,
      signers,
      created: new Date('2026-11-20T09:00:00Z'),
      documentLoader: loadContexts(),
    },
  );
}

const verify = (input: string | object) => cairn.services.verification.verify(input);

it('what the log took in before the theft stays valid, in every layout, and the result says why', async () => {
  for (const input of [honest.document, honest.jwt, JSON.parse(honest.document) as object]) {
    const result = await verify(input);
    expect(result).toMatchObject({ verified: true, outcome: 'valid' });
    const proof = result.checks.find(({ id }) => id === 'proof');
    expect(proof?.detail).toContain('issuance log here took this badge in before that');
  }
});

it('a forged badge with an early date is invalid', async () => {
  const forged = await forge();
  for (const input of [forged.document, forged.jwt]) {
    const result = await verify(input);
    expect(result.outcome).toBe('invalid');
    expect(result.checks).toContainEqual(
      expect.objectContaining({ id: 'proof', outcome: 'fail', code: 'KEY_REVOKED' }),
    );
  }
});

it('an honest badge with one word changed is invalid, although its id is in the log', async () => {
  const name = (JSON.parse(honest.document) as AchievementCredential).name;
  expect((await verify(honest.document.replaceAll(name, 'Forged'))).outcome).toBe('invalid');
});

it('what the log took in after the theft is invalid, however honest it was', async () => {
  for (const input of [late.document, late.jwt]) {
    expect((await verify(input)).outcome).toBe('invalid');
  }
});
