import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import threads from 'node:worker_threads';
import { late, loadTests, runTests } from './tests.js';

// A test runner for Stryker. Its own runner for Jest loads all modules anew for each of thousands of mutants, seconds each
// time; this one loads them once and turns mutants on and off. What a module does once, when it is loaded, is the
// exception: for such a mutant the modules are loaded again, with the tests that reach its file.

/** What the process that ran all tests tells the others: how long each took and which mutants it reached. */
const notes = 'tests-of-mutants.json';

const listTests = (patterns) =>
  readdirSync('test', { recursive: true })
    .filter((name) => patterns.some((pattern) => new RegExp(pattern).test(name)))
    .map((name) => join(process.cwd(), 'test', name));

const mutatedFiles = () =>
  readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((name) => readFileSync(name, 'utf8').includes('stryMutAct_9fa48'));

createRunner.inject = ['options'];
function createRunner({ inProcess }) {
  const stryker = (globalThis.__stryker__ ??= {});
  let tests;
  let known;
  let generation = 0;
  const starters = bringAlong(stryker);

  return {
    capabilities: () => ({ reloadEnvironment: true }),
    init: () => {
      register('./resolve.js', import.meta.url);
    },

    async dryRun() {
      for (const name of mutatedFiles()) await import(pathToFileURL(name).href);
      // Specimens are made by whatever makes them; what their makers reach is not tested by that.
      stryker.currentTestId = 'loading';
      tests = await loadTests(listTests(inProcess.tests), 0);
      const hooks = new Map();
      const hookTimes = {};
      const results = [];
      await runTests(tests, {
        patienceMs: () => 120_000,
        onBefore: (suite, test) => {
          if (suite && !hooks.has(suite)) hooks.set(suite, `hooks ${hooks.size}`);
          stryker.currentTestId = suite ? hooks.get(suite) : test.id;
        },
        onResult: ({ id, file }, error, ms) => {
          hookTimes[file] = (hookTimes[file] ?? 0) + ms.hooks;
          const failure = error && { failureMessage: String(error.stack ?? error) };
          results.push({
            id,
            name: id,
            fileName: file,
            timeSpentMs: ms.work,
            status: error ? 1 : 0,
            ...failure,
          });
        },
      });
      const { perTest, ...rest } = stryker.mutantCoverage;
      const reached = Object.fromEntries(
        tests.map((test) => [
          test.id,
          { ...reachedBy(test, hooks, perTest), ...starters.get(test.id) },
        ]),
      );
      // What a suite needs beforehand makes each of its tests dear: those that need nothing are asked first.
      const times = Object.fromEntries(
        results.map(({ id, fileName, timeSpentMs }) => [id, hookTimes[fileName] + timeSpentMs]),
      );
      writeFileSync(notes, JSON.stringify({ times, reached }));
      return { status: 'complete', tests: results, mutantCoverage: { ...rest, perTest: reached } };
    },

    async mutantRun({ activeMutant, testFilter, mutantActivation, hitLimit, sandboxFileName }) {
      known ??= JSON.parse(readFileSync(notes, 'utf8'));
      tests ??= await loadTests(listTests(inProcess.tests), 0);
      Object.assign(stryker, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
      stryker.activeMutant = activeMutant.id;
      const { killer, count } =
        mutantActivation === 'static'
          ? await runReloaded(sandboxFileName)
          : await run(tests.filter(({ id }) => testFilter.includes(id)));
      if (hitLimit !== undefined && stryker.hitCount > hitLimit) {
        return { status: 'timeout', reason: 'It goes round and round.' };
      }
      if (killer?.isLate) return { status: 'timeout', reason: late.message };
      if (killer === undefined) return { status: 'survived', nrOfTests: count };
      return { status: 'killed', killedBy: [killer.id], nrOfTests: count };
    },
  };

  /**
   * With the mutant at work while modules are loaded: all tests that reach anything in its file, one test file after the
   * other, the quickest first.
   */
  async function runReloaded(mutated) {
    generation += 1;
    const mutants = Object.keys(mutantsIn(mutated));
    const near = tests.filter(({ id }) => mutants.some((mutant) => mutant in known.reached[id]));
    const chosen = near.length > 0 ? near : tests;
    let count = 0;
    for (const [file, ids] of byFile(chosen)) {
      const loaded = await loadTests([file], generation).catch((error) => error);
      if (!Array.isArray(loaded)) return { killer: { id: ids[0] }, count: count + 1 };
      const found = await run(loaded.filter(({ id }) => ids.includes(id)));
      count += found.count;
      if (found.killer !== undefined) return { ...found, count };
    }
    return { killer: undefined, count };
  }

  /** Ids of tests by their file, quick files first. */
  function byFile(chosen) {
    const files = new Map();
    for (const { file, id } of chosen) {
      const { ids = [], ms = 0 } = files.get(file) ?? {};
      files.set(file, { ids: [...ids, id], ms: ms + known.times[id] });
    }
    return [...files].sort(([, a], [, b]) => a.ms - b.ms).map(([file, { ids }]) => [file, ids]);
  }

  async function run(chosen) {
    const byTime = chosen.toSorted((a, b) => (known.times[a.id] ?? 0) - (known.times[b.id] ?? 0));
    let killer;
    let count = 0;
    await runTests(byTime, {
      // Much longer than it takes otherwise; the machine may be busier by now.
      patienceMs: ({ id }) => 5_000 + 10 * (known.times[id] ?? 0),
      onBefore: () => undefined,
      onResult: ({ id }, error) => {
        count += 1;
        if (error === undefined) return 'go on';
        killer = { id, isLate: error === late };
        return 'stop';
      },
    });
    return { killer, count };
  }
}

/**
 * Threads that start have the mutant that is at work here. What they reach is not heard of: a test that starts one
 * reaches all of its entry. Answers what tests reach so.
 */
function bringAlong(stryker) {
  const starters = new Map();
  threads.Worker = class extends threads.Worker {
    constructor(entry, options) {
      const { activeMutant, currentTestId } = stryker;
      const start = `globalThis.__stryker__=${JSON.stringify({ activeMutant })}`;
      super(entry, { ...options, execArgv: ['--import', `data:text/javascript,${start}`] });
      starters.set(currentTestId, mutantsIn(new URL('worker.ts', entry)));
    }
  };
  syncBuiltinESMExports();
  return starters;
}

function mutantsIn(file) {
  const ids = readFileSync(file, 'utf8').match(/(?<=")\d+(?=")/g) ?? [];
  return Object.fromEntries(ids.map((id) => [id, 1]));
}

/** Also what was done for it beforehand. */
function reachedBy(test, hooks, perTest) {
  const ids = [test.id];
  for (let suite = test.suite; suite !== undefined; suite = suite.parent)
    ids.push(hooks.get(suite));
  return Object.assign({}, ...ids.map((id) => perTest[id]));
}

/** `tests` are patterns of test files: those that run the code in their own thread, since a mutant reaches no other. */
export const strykerValidationSchema = {
  properties: {
    inProcess: {
      type: 'object',
      required: ['tests'],
      properties: { tests: { type: 'array', items: { type: 'string' } } },
    },
  },
};

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory: createRunner }];
