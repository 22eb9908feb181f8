// The thread in which strangers' documents are read: it holds no key, no store and no network, and may be killed at any
// time. Whatever it needs to know it asks.
import { parentPort } from 'node:worker_threads';
import { loadContexts } from '../../documents.ts';
import { verifyPresentation } from '../presentation.ts';
import { verifyCredential } from '../verify.ts';
import {
  settle,
  unsettle,
  type FromWorker,
  type RunMessage,
  type Settled,
  type TaskName,
  type Tasks,
  type ToWorker,
} from './messages.ts';
import { outOfBounds } from './run.ts';

type Work<Name extends TaskName> = (
  input: Tasks[Name]['input'],
  outside: Tasks[Name]['outside'],
) => Promise<Tasks[Name]['result']>;

const documents = loadContexts();

const works: { readonly [Name in TaskName]: Work<Name> } = {
  credential: (input, outside) => verifyCredential(input, { ...outside, documents }),
  presentation: ({ presentation, expected }, { resolve, ...outside }) =>
    verifyPresentation(presentation, expected, {
      documents,
      now: outside.now(),
      resolve,
      verify: (credential) => verifyCredential(credential, { ...outside, documents }),
    }),
};

interface Question {
  readonly run: number;
  readonly answer: (settled: Settled) => void;
}

const questions = new Map<number, Question>();
let asked = 0;

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function ask(run: number, name: string, values: readonly unknown[]): Promise<unknown> {
  asked += 1;
  const question = asked;
  return new Promise((resolve) => {
    const answer: Question['answer'] = (settled) => {
      resolve(Promise.resolve(settled).then(unsettle));
    };
    questions.set(question, { run, answer });
    post({ type: 'ask', run, question, name, values });
  });
}

/** The dependencies of a verification as it knows them; each of their functions is a question to the other side. */
function outsideOf({ run, now, asked: names, given }: RunMessage): unknown {
  const functions = names.map((name) => [
    name,
    (...values: readonly unknown[]) => ask(run, name, values),
  ]);
  return { ...given, now: () => now, ...Object.fromEntries(functions) };
}

async function run(message: RunMessage): Promise<void> {
  const { run: id, task, input } = message;
  const work = works[task] as (input: unknown, outside: unknown) => Promise<unknown>;
  const settled = await settle(() => work(input, outsideOf(message)));
  try {
    post({ type: 'done', run: id, settled });
  } catch {
    post({ type: 'done', run: id, settled: await settle(() => Promise.reject(outOfBounds())) });
  }
}

parentPort?.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'run':
      void run(message);
      break;
    case 'answer':
      questions.get(message.question)?.answer(message.settled);
      questions.delete(message.question);
      break;
    case 'forget':
      for (const [question, { run: owner }] of questions) {
        if (owner === message.run) questions.delete(question);
      }
      break;
  }
});
post({ type: 'ready' });
