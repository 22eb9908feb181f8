import { pathToFileURL } from 'node:url';
import { expect } from 'expect';

// The part of Jest that the tests of verification use, for tests that are loaded once and run many times.

const hookNames = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'];

let suite;
let tests = [];

function createSuite(name, parent) {
  return { name, parent, ...Object.fromEntries(hookNames.map((hook) => [hook, []])) };
}

function describe(name, define) {
  const outer = suite;
  suite = createSuite(`${outer.name} ${name}`.trim(), outer);
  define();
  suite = outer;
}

function it(name, work) {
  // Pages need a server.
  if (!name.includes('the page')) tests.push({ name: `${suite.name} ${name}`.trim(), suite, work });
}

const each = (define) => (rows) => (name, work) => {
  const isTable = rows.every(Array.isArray);
  for (const row of rows) define(name, () => (isTable ? work(...row) : work(row)));
};

Object.assign(globalThis, {
  expect,
  describe: Object.assign(describe, { each: each(describe), skip: () => undefined }),
  it: Object.assign(it, { each: each(it), skip: () => undefined }),
  ...Object.fromEntries(hookNames.map((hook) => [hook, (work) => suite[hook].push(work)])),
});

/** The tests of these files. Another generation is another copy of all modules that are ours. */
export async function loadTests(files, generation) {
  const loaded = [];
  for (const file of files) {
    suite = createSuite('', undefined);
    tests = [];
    const { href } = pathToFileURL(file);
    await import(generation === 0 ? href : `${href}?generation=${generation}.ts`);
    const name = file.slice(file.lastIndexOf('/test/') + 1);
    loaded.push(...tests.map((test, at) => ({ ...test, file, id: `${name} ${at}: ${test.name}` })));
  }
  return loaded;
}

function suitesOf(test) {
  const suites = [];
  for (let each = test.suite; each !== undefined; each = each.parent) suites.unshift(each);
  return suites;
}

/** What a test ends with that does not end. */
export const late = new Error('The test took too long.');

/** Runs tests in any order; what a suite needs for all of its tests is done before its first one. */
export async function runTests(chosen, { onBefore, onResult, patienceMs }) {
  const opened = [];
  for (const test of chosen) {
    const suites = suitesOf(test);
    const began = performance.now();
    let started = began;
    const error = await inTime(async () => {
      for (const each of suites.filter((one) => !opened.includes(one))) {
        opened.push(each);
        onBefore(each, undefined);
        for (const work of each.beforeAll) await work();
      }
      started = performance.now();
      onBefore(undefined, test);
      for (const { beforeEach } of suites) for (const work of beforeEach) await work();
      await test.work();
    }, patienceMs(test));
    for (const { afterEach } of suites.toReversed()) for (const work of afterEach) await work();
    const ms = { hooks: started - began, work: performance.now() - started };
    if (onResult(test, error, ms) === 'stop') break;
  }
  for (const { afterAll } of opened.toReversed()) for (const work of afterAll) await work();
}

/** What it failed with, if it did. */
async function inTime(work, ms) {
  let timer;
  const alarm = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  const done = work().then(
    () => undefined,
    (error) => error ?? new Error('It failed.'),
  );
  const error = await Promise.race([done, alarm]);
  clearTimeout(timer);
  return error;
}
