import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import { digestMultibase } from '../../src/credentials/multibase.ts';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { sha256 } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { createIssuer } from '../support/issuer.ts';
import type { Json } from '../support/json-places.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Body {
  readonly document: Json;
  readonly id: string;
  readonly decisions: readonly { readonly issuance: string; readonly credential: string }[];
}

const work = 'One half and one third are five sixths.';

let cairn: TestCairn;
let blob: string;
let badge: Json;

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  const learner = await cairn.as('learner');
  const teacher = await cairn.as('teacher');
  const upload = school.call('post', '/files', learner.key);
  const { id: file } = bodyOf(await upload.attach('file', Buffer.from(work), 'work.txt'));
  const input = {
    achievements: [achievement.id],
    evidence: [{ name: 'Work', file }],
    submit: true,
  };
  const { id } = bodyOf(await school.call('post', '/submissions', learner.key).send(input));
  const review = {
    achievement: achievement.id,
    decision: 'approve',
    results: resultsAt(achievement, 1),
  };
  const reviewed = await school
    .call('post', `/submissions/${id}/reviews`, teacher.key)
    .send(review);
  const [decision] = bodyOf(reviewed).decisions;
  await cairn.services.issuances.process(decision?.issuance ?? '');
  const path = `/credentials/${decision?.credential ?? ''}`;
  badge = bodyOf(await school.call('get', path, learner.key)).document;
  blob = join(cairn.cairn.settings.dataDir, 'blobs', file.slice(0, 2), file);
}, 60_000);
afterAll(() => cairn.close());

const bodyOf = ({ body }: { body: unknown }) => body as Body;

/** What is told of the evidence when this is verified here. */
async function told(credential: object) {
  const answer = await request(cairn.app).post('/verify').send(credential);
  const { outcome, checks } = answer.body as VerificationResult;
  const detail = checks.find(({ id }) => id === 'proof')?.detail ?? '';
  return {
    outcome,
    state: / then: (.*)\.$/.exec(detail)?.[1],
    changed: checks.find(({ code }) => code === 'EVIDENCE_CHANGED')?.detail,
  };
}

describe('the files behind a badge of this school', () => {
  it('are compared with what was judged, as they are on disk', async () => {
    expect(badge.evidence).toMatchObject([{ digestMultibase: digestMultibase(sha256(work)) }]);
    const unchanged = { outcome: 'valid', state: '1 unchanged', changed: undefined };
    expect(await told(badge)).toEqual(unchanged);

    await writeFile(blob, work.replace('five', 'four'));
    const { id } = (badge.evidence as { id: string }[])[0] ?? { id: '' };
    expect(await told(badge)).toEqual({
      outcome: 'valid',
      state: '1 changed',
      changed: `The evidence at ${id} is no longer what it was when the badge was signed.`,
    });
    await writeFile(blob, work);
    expect(await told(badge)).toEqual(unchanged);
  });

  it('may be lost without harm to the badge', async () => {
    await rm(blob);
    expect(await told(badge)).toMatchObject({
      outcome: 'valid',
      state: '1 could not be looked at from here',
    });
    await writeFile(blob, work);
  });

  it('cannot be guessed at with a badge of somebody else', async () => {
    const stranger = createIssuer();
    const { '@context': _none, ...own } = stranger.badge();
    const did = `did:key:${stranger.multikey}`;
    const issuer = { id: did, type: ['Profile'] };
    const { credentialStatus: _status, ...rest } = own;
    for (const guess of [work, 'Something else.']) {
      const evidence = [
        { ...(badge.evidence as Json[])[0], digestMultibase: digestMultibase(sha256(guess)) },
      ];
      const forged = { ...rest, '@context': badge['@context'], id: badge.id, issuer, evidence };
      const verificationMethod = `${did}#${stranger.multikey}`;
      expect(await told(await stranger.sign(forged, { verificationMethod }))).toEqual({
        outcome: 'valid',
        state: '1 could not be looked at from here',
        changed: undefined,
      });
    }
  });

  it('are named to nobody', async () => {
    const answer = await request(cairn.app).post('/verify').send(badge);
    expect(answer.text).not.toContain(work);
    expect(answer.text).not.toContain(sha256(work));
  });
});
