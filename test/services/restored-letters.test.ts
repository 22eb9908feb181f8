import { join } from 'node:path';
import { scopeOf } from '../../src/domain/roles.ts';
import { backUp, makeFolders, restore, settingsFor } from '../support/backups.ts';
import type { TestCairn } from '../support/cairn.ts';
import { dayMs, minuteMs, openMailedSchool, type MailedSchool } from '../support/mailed-school.ts';

const folders = makeFolders();
let mailed: MailedSchool;
let restored: TestCairn['cairn'];
beforeEach(async () => {
  mailed = await openMailedSchool();
});
afterEach(async () => {
  await mailed.close();
  await restored[Symbol.asyncDispose]();
});
afterAll(folders.removeAll);

async function backUpSchool(): Promise<string> {
  const file = join(await folders.make(), 'school.age');
  await backUp(mailed.cairn.cairn.settings, file);
  return file;
}

/** The school as it was, with the same mail server, on a machine of its own. */
async function bringBack(file: string) {
  const dataDir = await folders.make();
  const report = await restore(settingsFor(dataDir), file, { now: mailed.now });
  restored = await mailed.openOther({ CAIRN_DATA_DIR: dataDir, MONGODB_URI: '' });
  return report;
}

async function letterOfGus() {
  const { organization, family } = mailed;
  const { digests } = restored.storage.stores;
  const { items } = await digests.list(scopeOf({ organization }), family.guardian.id, { limit: 1 });
  return items[0];
}

describe('a school that was brought back', () => {
  it('sends no letter again that waited when it was backed up, and those of the next week', async () => {
    mailed.smtp.behave(() => '421 not now');
    await mailed.pass(5 * dayMs);
    const file = await backUpSchool();
    mailed.smtp.behave(() => undefined);
    await mailed.pass(5 * minuteMs);
    expect(mailed.smtp.messages).toHaveLength(2);

    expect(await bringBack(file)).toMatchObject({ lettersWaiting: 2 });
    mailed.wait(minuteMs);
    await mailed.settle(restored);
    expect(mailed.smtp.messages).toHaveLength(2);
    expect(await letterOfGus()).toMatchObject({ mail: { state: 'withheld', reason: 'restored' } });

    mailed.wait(7 * dayMs);
    await mailed.settle(restored);
    expect(mailed.smtp.messages).toHaveLength(4);
    expect(await letterOfGus()).toMatchObject({ mail: { state: 'sent' } });
  });

  it('writes letters that the backup does not know, to be read and not sent once more', async () => {
    const file = await backUpSchool();
    await mailed.pass(5 * dayMs);
    expect(mailed.smtp.messages).toHaveLength(2);

    expect(await bringBack(file)).toMatchObject({ lettersWaiting: 0 });
    await mailed.settle(restored);
    expect(mailed.smtp.messages).toHaveLength(2);
    expect(await letterOfGus()).toMatchObject({ mail: { state: 'withheld', reason: 'restored' } });
  });
});
