import { signDataIntegrity } from '../src/credentials/sign/data-integrity.ts';
import {
  createBitstring,
  encodeBitstring,
  minimumBits,
  setBit,
} from '../src/credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../src/credentials/status/list-credential.ts';
import {
  documentLoader,
  makeBadge,
  makeStock,
  school,
  urls,
  verificationMethodId,
} from './badge.ts';
import { perSecond, show, sideBySide, type Subject } from './harness.ts';

export const statusList: Subject = {
  title: 'Status list',
  about: `CPU time, as above: a list of ${show(minimumBits)} entries of which one in a hundred is revoked, packed and signed. However many entries changed, a list is signed once.`,
  async run(tell) {
    tell('signing status lists');
    const { signers } = await makeBadge();
    const stock = await makeStock();
    const signer = signers.dataIntegrity;
    const bits = createBitstring();
    for (let index = 0; index < minimumBits; index += 100)
      setBit(bits, (index * 7_919) % minimumBits);
    const updatedAt = new Date('2026-11-22T09:00:00Z');
    const list = { id: 'list', purpose: 'revocation', updatedAt } as const;
    const build = () => buildStatusListCredential({ urls, organization: school, list, bits });
    const verificationMethod = verificationMethodId(urls, signer.key);
    const options = { signer, verificationMethod, created: updatedAt, documentLoader };
    const cost = await sideBySide({
      cairn: () => signDataIntegrity(build(), options),
      stock: () => stock.issue(build()),
      pack: () => encodeBitstring(bits),
    });
    return [
      {
        what: 'packed and signed',
        value: perSecond(cost.cairn),
        beside: `${show(cost.stock / cost.cairn)} × stock issue() of the same list`,
      },
      { what: 'packed only', value: perSecond(cost.pack) },
    ];
  },
};
