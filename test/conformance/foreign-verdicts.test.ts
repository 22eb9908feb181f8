import { jest } from '@jest/globals';
import { table } from '../support/attack.ts';
import { judges } from '../support/judges.ts';
import { describeWithSharedData } from '../support/shared-data.ts';
import { now, verdictOf } from '../support/verdict.ts';
import { specimens } from '../support/verdict-rows.ts';
import { published } from '../support/verdict-world.ts';
import { rows } from '../support/verdict-table.ts';
import { createWorld } from '../support/world.ts';

// Honest and broken credentials before judges that others wrote. Where one of them comes to another answer than we do,
// the row says why, judge by judge.

jest.setTimeout(120_000);

const printed: object[] = [];

async function judge(name: string) {
  const { make, world } = specimens[name] ?? {};
  const form = await make?.();
  if (form === undefined) throw new Error(`there is no specimen "${name}"`);
  const web = await published(world);
  const ours = verdictOf(await createWorld(web, { now }).verify(form));
  const signs: string[] = [];
  for (const { accepts } of judges) {
    const answer = await accepts(form, web);
    signs.push(answer === undefined ? '·' : answer ? '+' : '-');
  }
  return { ours, others: signs.join('') };
}

describeWithSharedData('foreign judges', () => {
  afterAll(() => {
    const head = judges.map(({ name }) => name).join(', ');
    console.info(`${printed.length} credentials before ${head}\n${table(printed)}`);
  });

  it.each(rows.map((row) => ({ row, name: row[0] })))('$name', async ({ row }) => {
    const [name, ours, others, why = []] = row;
    const found = await judge(name);
    const sign = found.ours === 'valid' ? '-' : '+';
    const differing = judges.filter((_judge, at) => found.others[at] === sign);
    const reasons = differing.map((each, at) => `${each.name}: ${why[at] ?? ''}`);
    printed.push({ name, ...found, why: reasons.join(' ') });
    expect(found).toEqual({ ours, others });
    expect(why).toHaveLength(differing.length);
  });

  it('see every specimen', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(specimens).sort());
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });
});
