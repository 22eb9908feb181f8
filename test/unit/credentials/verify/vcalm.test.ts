import type { PresentationResult } from '../../../../src/credentials/verify/presentation.ts';
import { failed, pass, Problem, skip } from '../../../../src/credentials/verify/problem.ts';
import type {
  Check,
  CheckId,
  VerificationResult,
} from '../../../../src/credentials/verify/types.ts';
import {
  toCredentialReport,
  toPresentationReport,
} from '../../../../src/credentials/verify/vcalm.ts';
import type { Json } from '../../../support/json-places.ts';

const dataModel = 'https://www.w3.org/TR/vc-data-model#';
const statusList = 'https://www.w3.org/ns/credentials/status-list#';
const security = 'https://w3id.org/security#';

const result = (checks: readonly Check[], credential?: Json): VerificationResult => ({
  verified: false,
  outcome: 'invalid',
  checks,
  verifiedAt: '2026-12-01T00:00:00Z',
  ...(credential && { credential }),
});

const fail = (check: CheckId, code: string): Check => {
  const { verdict: _verdict, ...found } = failed(new Problem(check, 'invalid', code, 'Why.'));
  return found;
};

describe('a problem in the words of VCALM', () => {
  it.each<[CheckId, string, string]>([
    ['format', 'X', `${dataModel}PARSING_ERROR`],
    ['schema', 'X', `${dataModel}MALFORMED_VALUE_ERROR`],
    ['proof', 'X', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['issuer', 'X', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['validity', 'X', `${dataModel}RANGE_ERROR`],
    ['status', 'X', `${statusList}STATUS_VERIFICATION_ERROR`],
    ['endorsements', 'X', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['nested', 'X', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['validity', 'DATE_MALFORMED', `${dataModel}MALFORMED_VALUE_ERROR`],
    ['status', 'STATUS_RETRIEVAL_ERROR', `${statusList}STATUS_RETRIEVAL_ERROR`],
    ['status', 'STATUS_LIST_LENGTH_ERROR', `${statusList}STATUS_LIST_LENGTH_ERROR`],
    ['proof', 'CHALLENGE_MISMATCH', `${security}INVALID_CHALLENGE_ERROR`],
    ['proof', 'DOMAIN_MISMATCH', `${security}INVALID_DOMAIN_ERROR`],
  ])('%s %s is %s', (check, code, type) => {
    const found = fail(check, code);
    expect(toCredentialReport(result([found]), []).problemDetails).toEqual([
      { type, title: found.title, detail: 'Why.', code },
    ]);
  });

  it('is told of what failed only, with a code where there is one', () => {
    const { code: _code, ...uncoded } = fail('proof', 'X');
    const checks = [pass('format', 'Fine.'), skip('status', 'No.'), uncoded];
    expect(toCredentialReport(result(checks), []).problemDetails).toEqual([
      {
        type: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
        title: uncoded.title,
        detail: 'Why.',
      },
    ]);
  });
});

describe('the report on a credential', () => {
  const dates = { validFrom: '2026-01-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z' };
  const results = (checks: readonly Check[], credential?: Json) =>
    toCredentialReport(result(checks, credential), []).results;

  it('says of nothing what the credential does not have', () => {
    expect(results([pass('validity', ''), pass('status', '')])).toEqual({});
    expect(results([], { credentialStatus: [] })).toEqual({});
  });

  it.each<[string, Check, boolean, boolean]>([
    ['in force', pass('validity', ''), true, true],
    ['over', fail('validity', 'EXPIRED'), true, false],
    ['not begun', fail('validity', 'NOT_YET_VALID'), false, true],
    ['no date', fail('validity', 'DATE_MALFORMED'), false, false],
    ['not looked at', skip('validity', ''), false, false],
    ['of another check', fail('status', 'EXPIRED'), false, false],
  ])('tells apart which date is wrong: %s', (_what, check, from, until) => {
    expect(results([check], dates)).toEqual({
      validFrom: { verified: from, input: dates.validFrom },
      validUntil: { verified: until, input: dates.validUntil },
    });
  });

  it.each<[CheckId, string]>([
    ['status', 'credentialStatus'],
    ['schema', 'credentialSchema'],
  ])('says what %s came to for each %s', (check, name) => {
    const credential = { [name]: [{ id: 'urn:1' }, { id: 'urn:2' }] };
    const both = (verified: boolean) => ({
      [name]: [
        { verified, input: { id: 'urn:1' } },
        { verified, input: { id: 'urn:2' } },
      ],
    });
    expect(results([pass(check, '')], credential)).toEqual(both(true));
    expect(results([fail(check, 'X')], credential)).toEqual(both(false));
    expect(results([pass('format', '')], credential)).toEqual(both(false));
    expect(results([pass(check, '')], { [name]: { id: 'urn:1' } })).toEqual({
      [name]: [{ verified: true, input: { id: 'urn:1' } }],
    });
  });

  it('hands on the proofs, and whether it holds', () => {
    const proofs = [{ verified: true, input: { type: 'a' } }];
    expect(toCredentialReport(result([]), proofs).results).toEqual({ proof: proofs });
    expect(toCredentialReport(result([]), proofs).verified).toBe(false);
    expect(toCredentialReport({ ...result([]), verified: true }, []).verified).toBe(true);
  });
});

describe('the report on a presentation', () => {
  const report = (
    found: Partial<PresentationResult>,
    presentation: Json = {},
    expected: Json = {},
  ) => {
    const all = { verified: true, format: pass('format', ''), proofs: [], credentials: [] };
    return toPresentationReport({ ...all, ...found }, presentation, expected);
  };
  const held = { proof: { id: 'urn:1' }, finding: pass('proof', '') };
  const wrong = { proof: { id: 'urn:2' }, finding: fail('proof', 'CHALLENGE_MISMATCH') };
  const problem = {
    type: `${security}INVALID_CHALLENGE_ERROR`,
    title: wrong.finding.title,
    detail: 'Why.',
    code: 'CHALLENGE_MISMATCH',
  };

  it('is short for one without a proof', () => {
    expect(report({})).toEqual({
      verified: true,
      problemDetails: [],
      results: { presentation: {}, credentials: [] },
    });
  });

  it('says whether every proof answered what was asked, and who holds it', () => {
    const asked = { challenge: 'c', domain: ['d'] };
    const all = (verified: boolean) => ({
      challenge: { verified, input: 'c' },
      domain: { verified, input: ['d'] },
      holder: { verified, input: 'did:example:1' },
    });
    const holder = { holder: 'did:example:1' };
    const good = report({ proofs: [held] }, holder, asked);
    expect(good.results?.presentation).toEqual({
      ...all(true),
      proof: [{ verified: true, input: held.proof, problemDetails: [] }],
    });
    const bad = report({ proofs: [held, wrong], verified: false }, holder, asked);
    expect(bad).toMatchObject({ verified: false, problemDetails: [problem] });
    expect(bad.results?.presentation).toEqual({
      ...all(false),
      proof: [
        { verified: true, input: held.proof, problemDetails: [] },
        { verified: false, input: wrong.proof, problemDetails: [problem] },
      ],
    });
    expect(report({}, holder, asked).results?.presentation).toEqual(all(false));
  });

  it('names what is wrong with its form', () => {
    const format = fail('format', 'PROOF_MISSING');
    expect(report({ format, verified: false }).problemDetails).toMatchObject([
      { type: `${dataModel}PARSING_ERROR`, code: 'PROOF_MISSING' },
    ]);
  });

  it('says of the only proof of a credential inside what the proof check came to', () => {
    const [one, two] = [{ type: 'a' }, { type: 'b' }];
    const proofOf = (credential: unknown, checks: readonly Check[]) => {
      const found = report({ credentials: [{ credential, result: result(checks) }] });
      const [first] = found.results?.credentials ?? [];
      expect(first?.credential).toEqual(credential);
      return first?.results?.proof;
    };
    const proved = [pass('proof', '')];
    expect(proofOf({ proof: one }, proved)).toEqual([{ verified: true, input: one }]);
    expect(proofOf({ proof: [one] }, [])).toEqual([{ verified: false, input: one }]);
    expect(proofOf({ proof: [one, two] }, proved)).toBeUndefined();
    expect(proofOf({}, proved)).toBeUndefined();
    expect(proofOf('a.b.c', proved)).toBeUndefined();
  });
});
