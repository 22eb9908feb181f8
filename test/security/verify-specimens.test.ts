import { now, verdictOf } from '../support/verdict.ts';
import { specimens } from '../support/verdict-rows.ts';
import { published } from '../support/verdict-world.ts';
import { rows } from '../support/verdict-table.ts';
import { createWorld } from '../support/world.ts';

// Honest and broken credentials, and what we say of them. What others say is in test/conformance/foreign-verdicts.

describe('what we say', () => {
  it.each(rows.map(([name, ours]) => [name, ours] as const))(
    'of one %s: %s',
    async (name, ours) => {
      const specimen = specimens[name];
      const form = await specimen?.make();
      const verified = createWorld(await published(specimen?.world), { now }).verify(form ?? '');
      expect(verdictOf(await verified)).toBe(ours);
    },
  );
});
