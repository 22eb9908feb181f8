import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { defaultPolicy } from '../../src/domain/organizations.ts';
import { createOrganizationService } from '../../src/services/school/organizations.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLog } from '../support/log.ts';
import { refusal } from '../support/refusal.ts';

let dataDir: string;
let cairn: Cairn;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cairn-founding-'));
  const settings = parseSettings({ NODE_ENV: 'test', CAIRN_DATA_DIR: dataDir });
  cairn = await compose(settings, { log: silentLog });
});
afterEach(async () => {
  await cairn[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

/** The service of a process that dies while it makes the signing keys. */
function createDying() {
  const { services, storage } = cairn;
  return createOrganizationService({
    ...services,
    ...storage.stores,
    apiKeys: services.apiKeys,
    makeKeys: () => Promise.reject(new Error('killed')),
    now: () => new Date(),
  });
}

const secret = 'an-owner-key-of-at-least-32-characters';

describe('founding', () => {
  it('that was cut short is completed by the next start', async () => {
    await expect(createDying().found('Alder', secret)).rejects.toThrow('killed');
    const founded = await cairn.services.organizations.found('Birch', secret);

    expect(founded?.organization.name).toBe('Birch');
    const owner = await cairn.services.apiKeys.authenticate(secret);
    expect(owner).toMatchObject({ organization: founded?.organization.id, roles: ['owner'] });
    await cairn.services.signingKeys.currentKeys(owner.organization);
    expect(await cairn.services.organizations.found('Again', secret)).toBeUndefined();
    expect(await cairn.services.audit.verify()).toHaveLength(1);
    const { items } = await cairn.services.audit.list(owner, { limit: 10 });
    expect(items.filter(({ action }) => action === 'organization.founded')).toHaveLength(1);
  });

  it('that was cut short leaves the set-up link open', async () => {
    await expect(createDying().found('Alder')).rejects.toThrow('killed');
    const token = (await cairn.services.organizations.openSetup()) ?? '';
    const { organization } = await cairn.services.organizations.setUp(token, 'Birch');
    expect(organization.name).toBe('Birch');
    expect(await cairn.services.organizations.openSetup()).toBeUndefined();
  });

  it('shows one key to somebody who clicks twice', async () => {
    const { openSetup, setUp } = cairn.services.organizations;
    const token = (await openSetup()) ?? '';
    const [one, other] = await Promise.all([setUp(token, 'Alder'), setUp(token, 'Alder')]);
    expect(one.secret).toBe(other.secret);
    await expect(setUp(token, 'Alder')).rejects.toThrow(refusal({ code: 'setup.link_used' }));
  });

  it('makes each kind of signing key once, however many start at once', async () => {
    const organization = newId();
    const { organizations, signingKeys } = cairn.storage.stores;
    const at = new Date();
    await organizations.addFounding({
      id: organization,
      name: 'Alder',
      vocabulary: {},
      policy: defaultPolicy,
      createdAt: at,
    });
    const { ensureKeys } = cairn.services.signingKeys;
    await Promise.all([ensureKeys(organization), ensureKeys(organization)]);
    expect(await signingKeys.list(organization)).toHaveLength(2);
  });
});
