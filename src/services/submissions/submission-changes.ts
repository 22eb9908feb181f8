import type { Scope } from '../../domain/roles.ts';
import type { Submission } from '../../domain/submissions.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';

/** Every lost attempt means that somebody else got a change through. */
const maxAttempts = 50;

/**
 * Decides on the submission as it is and writes the outcome over exactly that: whoever comes second decides anew, on
 * what the first has left.
 */
export async function changeSubmission(
  submissions: SubmissionStore,
  scope: Scope,
  id: string,
  decide: (submission: Submission) => Submission | Promise<Submission>,
): Promise<Submission> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const submission = await submissions.find(scope, id);
    if (submission === undefined) throw notFound('submission');
    const changed = await decide(submission);
    if (await submissions.replace(scope, changed)) return changed;
  }
  throw conflict('submission.busy', 'Too many people work on this at once. Please try again.');
}
