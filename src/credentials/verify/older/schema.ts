import { z } from 'zod';
import { pass, Problem } from '../problem.ts';
import type { Finding } from '../types.ts';
import type { Award } from './parts.ts';

const text = z.string().trim().min(1);
const reference = z.union([text, z.looseObject({})]);
const award = z.object({
  assertion: z.looseObject({
    type: z.union([
      z.literal('Assertion'),
      z.array(z.string()).refine((types) => types.includes('Assertion')),
    ]),
    recipient: z.looseObject({ type: reference, identity: text }),
    badge: reference,
    issuedOn: text,
  }),
  badge: z.looseObject({ name: text, criteria: reference.optional(), issuer: reference }),
  issuer: z.looseObject({ name: text }),
});

/** Open Badges 2.0: what nobody can do without who wants to know what was awarded to whom by whom. */
export function checkOlderSchema(found: Award): Finding {
  const parsed = award.safeParse(found);
  if (parsed.success) return pass('schema', 'It has what an Open Badge of version 2.0 needs.');
  const issues = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  const detail = `As an Open Badge (version 2.0) it is incomplete or wrong: ${issues.join('; ')}.`;
  throw new Problem('schema', 'invalid', 'SCHEMA_INVALID', detail);
}
