import { startCairn } from './cairn.ts';
import { openSchool } from './school.ts';
import { resultsAt } from './submissions.ts';

export interface ShownSubmission {
  readonly id: string;
  readonly state: string;
  readonly round: number;
  readonly decisions: readonly {
    readonly achievement: string;
    readonly state: string;
    readonly issuance?: string;
    readonly credential?: string;
  }[];
  readonly reviews: readonly { readonly id: string }[];
}

interface Events {
  readonly items: readonly { readonly action: string; readonly subject: string }[];
}

export type ReviewDesk = Awaited<ReturnType<typeof openReviewDesk>>;

/** A school with an achievement and a boss, whose work is reviewed through the API. */
export async function openReviewDesk() {
  const cairn = await startCairn();
  const school = await openSchool(cairn);
  const fairTests = await school.publish();
  const boss = await school.publish({ kind: 'boss', name: 'Science fair' });
  const [teacher, lead] = [await cairn.as('teacher'), await cairn.as('lead')];

  return { cairn, school, fairTests, boss, teacher, lead, handIn, review, submissionOf, auditOf };

  async function handIn(
    who: { readonly key: string },
    achievements: readonly string[] = [fairTests.id],
  ): Promise<string> {
    const answer = await school.call('post', '/submissions', who.key).send({
      achievements,
      evidence: [{ name: 'Report', narrative: 'What I did.' }],
      submit: true,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return (answer.body as ShownSubmission).id;
  }

  /** An approval, but for what is given. */
  function review(id: string, changes: object = {}, key = teacher.key) {
    const approval = {
      achievement: fairTests.id,
      decision: 'approve',
      results: resultsAt(fairTests, 1),
    };
    return school.call('post', `/submissions/${id}/reviews`, key).send({ ...approval, ...changes });
  }

  async function submissionOf(id: string): Promise<ShownSubmission> {
    return (await school.call('get', `/submissions/${id}`)).body as ShownSubmission;
  }

  async function auditOf(id: string) {
    const events = await school.call('get', '/audit-events?limit=200');
    return (events.body as Events).items.filter(({ subject }) => subject === `submission:${id}`);
  }
}
