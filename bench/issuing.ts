import { makeBadge, makeRaw, makeStock } from './badge.ts';
import { perSecond, show, sideBySide, type Subject } from './harness.ts';

export const issuing: Subject = {
  title: 'Signing',
  about:
    'CPU time, candidates interleaved in one process, median of 7 rounds. “Cairn” is `issueCredential`: lint, Data Integrity proof, RS256 token, and both read back and verified from their text. “Stock” is one `issue()` of @digitalbazaar/vc with @digitalbazaar/ed25519-multikey: one proof, nothing read back.',
  async run(tell) {
    tell('signing badges');
    const badge = await makeBadge();
    const stock = await makeStock();
    const raw = makeRaw();
    const cost = await sideBySide({
      cairn: badge.issueIt,
      stock: () => stock.issue(badge.unsigned),
      raw: raw.sign,
    });
    return [
      {
        what: 'Cairn, both forms signed and checked',
        value: perSecond(cost.cairn),
        beside: `${show(cost.stock / cost.cairn)} × stock issue()`,
      },
      { what: 'stock issue(), one proof', value: perSecond(cost.stock), beside: 'baseline' },
      {
        what: 'Ed25519 signature alone (node:crypto)',
        value: perSecond(cost.raw),
        beside: `${show(cost.stock / cost.raw)} × stock issue()`,
      },
    ];
  },
};
