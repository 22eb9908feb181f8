import { createForeignIssuer, suiteNames } from '../support/foreign-issuer.ts';
import { now, verdict } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

const issuer = await createForeignIssuer();
const list = await issuer.sign('eddsa-rdfc-2022', issuer.statusList());
const world = () =>
  createWorld({ [issuer.documentUrl]: issuer.document, [issuer.listUrl]: list }, { now });

describe.each(suiteNames)('a badge with a proof of %s', (name) => {
  it('verifies', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    expect(await verdict(signed, world())).toBe('valid');
  });
});
