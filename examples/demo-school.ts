// What the demo asks of Cairn, all of it through the public API.

export interface Named {
  readonly id: string;
}
export interface Achievement extends Named {
  readonly rubric: readonly {
    readonly id: string;
    readonly levels: readonly (Named & { readonly name: string })[];
  }[];
}
export interface Submission extends Named {
  readonly decisions: readonly { readonly issuance?: string }[];
}
interface Verdict {
  readonly decision: 'approve' | 'revise';
  /** Name of the rubric's level. */
  readonly level: string;
  readonly feedback: string;
}
interface Question {
  readonly json?: unknown;
  readonly csv?: string;
  readonly key?: string;
}

export type School = ReturnType<typeof createSchool>;

/** `owner` is the API key that is used where nobody else's is named. */
export function createSchool(base: string, owner: string) {
  return { call, publish, addPerson, addTeacher, handIn, review, issue, waitForCredential, save };

  async function ask(method: string, path: string, { json, csv, key = owner }: Question) {
    const type = csv === undefined ? 'application/json' : 'text/csv';
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': type },
      ...(method === 'GET' ? {} : { body: csv ?? JSON.stringify(json ?? {}) }),
    });
    if (answer.ok) return answer;
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  async function call<T>(method: string, path: string, question: Question = {}): Promise<T> {
    return (await (await ask(method, path, question)).json()) as T;
  }

  async function save(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await ask('GET', path, {})).arrayBuffer());
  }

  /** An achievement for the standards that these words find, judged by reasoning. */
  async function publish(framework: string, words: string, content: object) {
    const { items } = await call<{ items: Named[] }>(
      'GET',
      `/frameworks/${framework}/standards?q=${words}`,
    );
    const rubric = [
      {
        name: 'Reasoning',
        requiredLevel: 'Proficient',
        levels: ['Beginning', 'Developing', 'Proficient', 'Advanced'].map((name, i) => ({
          name,
          description: name,
          points: i + 1,
        })),
      },
    ];
    const standards = items.map(({ id }) => id);
    const made = await call<Achievement>('POST', '/achievements', {
      json: { kind: 'microcredential', standards, rubric, ...content },
    });
    return call<Achievement>('POST', `/achievements/${made.id}/publish`);
  }

  async function addPerson(name: string, role: 'learner' | 'teacher') {
    const email = `${name.toLowerCase().replace(' ', '.')}@stonefield.example`;
    return call<Named>('POST', '/people', { json: { name, email, roles: [role] } });
  }

  /** Answers an API key that acts as this teacher. */
  async function addTeacher(name: string): Promise<string> {
    const { id } = await addPerson(name, 'teacher');
    const json = { name: `${name}’s key`, person: id };
    return (await call<{ secret: string }>('POST', '/api-keys', { json })).secret;
  }

  async function handIn(learner: Named, achievement: Named, name: string) {
    const evidence = [{ name, narrative: 'My notes are on paper; this is the short form.' }];
    const json = { learner: learner.id, achievements: [achievement.id], evidence, submit: true };
    return call<Submission>('POST', '/submissions', { json });
  }

  async function review(
    submission: Named,
    achievement: Achievement,
    { level, ...verdict }: Verdict,
    key = owner,
  ) {
    const results = achievement.rubric.map((criterion) => ({
      criterion: criterion.id,
      level: criterion.levels.find(({ name }) => name === level)?.id,
    }));
    return call<Submission>('POST', `/submissions/${submission.id}/reviews`, {
      json: { achievement: achievement.id, results, ...verdict },
      key,
    });
  }

  /** Waits until the approval has become a credential. */
  async function issue({ decisions }: Submission): Promise<string> {
    const path = `/issuances/${decisions[0]?.issuance ?? ''}`;
    for (;;) {
      const { state, credential } = await call<{ state: string; credential?: string }>('GET', path);
      if (credential !== undefined) return credential;
      if (state === 'failed') throw new Error(`${path} failed`);
      await pause();
    }
  }

  /** Waits for one that nobody awards by hand. */
  async function waitForCredential(learner: Named, achievement: Named): Promise<string> {
    const path = `/credentials?learner=${learner.id}&achievement=${achievement.id}`;
    for (let tries = 0; tries < 300; tries += 1) {
      const [found] = (await call<{ items: Named[] }>('GET', path)).items;
      if (found !== undefined) return found.id;
      await pause();
    }
    throw new Error('the level was not certified within 30 seconds');
  }
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
