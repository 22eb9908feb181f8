import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liveBusyDay } from '../support/busy-day.ts';
import { readOperationsPage } from '../support/operations-page.ts';
import { root } from '../support/root.ts';

const { events } = readOperationsPage();
const always = ['level', 'time', 'msg'];
const request = ['requestId', 'method', 'route', 'status', 'ms'];

const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n');

let day: Awaited<ReturnType<typeof liveBusyDay>>;
beforeAll(async () => {
  day = await liveBusyDay();
}, 60_000);
afterAll(() => day.cairn.close());

describe('the log of a busy day', () => {
  it('tells what happened', () => {
    const told = new Set(day.lines.map(({ event }) => event));
    const expected = [
      'organization.founded',
      'key.created',
      'achievement.published',
      'person.added',
      'review.approved',
      'credential.issued',
      'credential.suspended',
      'credential.reinstated',
      'credential.revoked',
      'key.rotated',
    ];
    expect(expected.filter((event) => !told.has(event))).toEqual([]);
  });

  it('has only events and fields that the operations page lists', () => {
    for (const { event, ...fields } of day.lines) {
      const listed = event === undefined ? request : events.get(event);
      expect([event, listed !== undefined]).toEqual([event, true]);
      const others = Object.keys(fields).filter(
        (name) => !always.includes(name) && listed?.includes(name) !== true,
      );
      expect([event, others]).toEqual([event, []]);
    }
  });

  it('names nobody and holds no key', () => {
    const text = JSON.stringify(day.lines);
    for (const secret of [...day.words, ...day.keys]) expect(text).not.toContain(secret);
    expect(text).not.toContain('@');
  });
});

describe('the events of the operations page', () => {
  it('are those of the sources', () => {
    const literal = /\b(?:event|action)(?: =|:) '([^']+)'/g;
    const written = [...source.matchAll(literal)].map(([, name = '']) => name);
    expect(written.length).toBeGreaterThan(20);
    expect(written.filter((name) => !events.has(name))).toEqual([]);
    expect([...events.keys()].filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});
