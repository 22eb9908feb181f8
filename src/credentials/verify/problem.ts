import type { Check, CheckId, Finding } from './types.ts';

type Verdict = NonNullable<Finding['verdict']>;

/** What a check is called when it passes, when it fails, and when it could not be decided. */
const titles: Readonly<Record<CheckId, { pass: string; fail: string; unsure: string }>> = {
  format: {
    pass: 'This is a digital credential',
    fail: 'This cannot be accepted as a credential',
    unsure: 'Part of this credential cannot be understood here',
  },
  schema: {
    pass: 'It follows its specification',
    fail: 'It does not follow its specification',
    unsure: 'Its specification is not known here',
  },
  proof: {
    pass: 'Nothing was changed since it was signed',
    fail: 'The signature does not hold',
    unsure: 'The signature could not be checked',
  },
  issuer: {
    pass: 'It was signed by its issuer',
    fail: 'It was not signed by its issuer',
    unsure: 'The issuer could not be confirmed',
  },
  validity: {
    pass: 'It is in force today',
    fail: 'It is not in force today',
    unsure: 'Whether it is in force could not be found out',
  },
  status: {
    pass: 'The issuer has not withdrawn it',
    fail: 'The issuer has withdrawn it',
    unsure: 'Whether the issuer has withdrawn it could not be found out',
  },
  endorsements: {
    pass: 'Its endorsements hold',
    fail: 'Not every endorsement holds',
    unsure: 'Not every endorsement could be checked',
  },
  nested: {
    pass: 'Every credential inside holds',
    fail: 'Not every credential inside holds',
    unsure: 'Not every credential inside could be checked',
  },
};

/** Ends a check: what is wrong, under a stable code, and what that means for the whole credential. */
export class Problem extends Error {
  readonly check: CheckId;
  readonly verdict: Verdict;
  readonly code: string;

  constructor(check: CheckId, verdict: Verdict, code: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.check = check;
    this.verdict = verdict;
    this.code = code;
  }
}

export function pass(id: CheckId, detail: string): Finding {
  return { id, outcome: 'pass', title: titles[id].pass, detail };
}

export function warn(id: CheckId, code: string, title: string, detail: string): Finding {
  return { id, outcome: 'warn', title, detail, code };
}

export function skip(id: CheckId, detail: string): Finding {
  return { id, outcome: 'skip', title: 'Not looked at', detail };
}

export function failed({ check, verdict, code, message }: Problem): Finding {
  const title =
    verdict === 'suspended'
      ? 'The issuer has suspended it for now'
      : titles[check][verdict === 'unverifiable' ? 'unsure' : 'fail'];
  return { id: check, outcome: 'fail', title, detail: message, code, verdict };
}

/** Whether something vouches for what it says; a warning tells with how much weight. */
export function isProved(checks: readonly Check[]): boolean {
  return checks.some(
    ({ id, outcome }) => id === 'proof' && (outcome === 'pass' || outcome === 'warn'),
  );
}

/** Strangers' documents break libraries in ways of their own: that is a failed check, never a crash. */
export async function attempt(
  id: CheckId,
  check: () => Finding | Promise<Finding>,
): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return failed(asProblem(id, error));
  }
}

export function asProblem(check: CheckId, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = 'This part could not be checked.';
  return new Problem(check, 'unverifiable', 'CHECK_FAILED', detail);
}
