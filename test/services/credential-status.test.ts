import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { createCredentialStatusService } from '../../src/services/credentials/credential-status.ts';
import { createStatusListService } from '../../src/services/credentials/status-lists.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import { noFault } from '../../src/shared/faults.ts';
import { newRandomId } from '../../src/shared/ids.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { readStatusList, statusPlaces } from '../support/status-lists.ts';

let time = Date.parse('2026-11-22T09:00:00Z');
const now = () => new Date(time);

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;
let operator: Actor;

beforeAll(async () => {
  cairn = await startCairn({ now });
  school = await openBadgeSchool(cairn);
  operator = await cairn.services.organizations.operator();
});
afterAll(async () => {
  await cairn.close();
});

const stores = () => cairn.cairn.storage.stores;
const crash = () => Promise.reject(new Error('the power went out'));

/** The service in a process that dies right after the list was changed. */
function dying() {
  const { services } = cairn;
  return createCredentialStatusService({
    ...stores(),
    credentials: { ...stores().credentials, markRevoked: crash, markSuspended: crash },
    visible: services.credentials,
    audit: services.audit,
    fault: noFault,
    log: cairn.cairn.log,
    now,
  });
}

async function award() {
  const id = await school.award();
  const { document, award: made } = await cairn.services.credentials.get(operator, id);
  const parsed = JSON.parse(document) as object;
  const listOf = (purpose: 'revocation' | 'suspension') =>
    statusPlaces(parsed)[purpose].path.replace('/status/', '');
  return { id, document, award: made, listOf };
}

async function look({ id, document, award: made }: Awaited<ReturnType<typeof award>>) {
  const { items } = await cairn.services.audit.list(operator, { limit: 500 });
  const { outcome } = await cairn.services.verification.verify(document);
  return {
    outcome,
    state: (await cairn.services.credentials.get(operator, id)).state,
    award: (await stores().awards.find(scopeOf(operator), made))?.state,
    audited: items
      .filter(({ subject }) => subject === `credential:${id}`)
      .map(({ action, reason }) => `${action}: ${String(reason)}`)
      .reverse(),
  };
}

describe('a crash between the list and everything else', () => {
  it('is healed by the sweep: state, award and audit log follow, once', async () => {
    const badge = await award();
    await expect(dying().revoke(operator, badge.id, 'Copied.')).rejects.toThrow('the power');
    expect(await look(badge)).toEqual({
      outcome: 'revoked',
      state: 'valid',
      award: 'live',
      audited: [],
    });

    await cairn.cairn.dispatcher.sweep();
    expect((await look(badge)).state).toBe('valid');
    time += 60_000;
    await cairn.cairn.dispatcher.sweep();
    const healed = {
      outcome: 'revoked',
      state: 'revoked',
      award: 'revoked',
      audited: ['credential.revoked: Copied.'],
    };
    expect(await look(badge)).toEqual(healed);
    await cairn.cairn.dispatcher.sweep();
    expect(await look(badge)).toEqual(healed);
    expect((await stores().statusLists.read(badge.listOf('revocation')))?.changes).toEqual([]);
  });

  it('is healed by whoever asks again, under the first reason', async () => {
    const badge = await award();
    await expect(dying().suspend(operator, badge.id, 'First.')).rejects.toThrow('the power');
    await cairn.services.credentialStatus.suspend(operator, badge.id, 'Second.');
    expect(await look(badge)).toMatchObject({
      outcome: 'suspended',
      state: 'suspended',
      audited: ['credential.suspended: First.'],
    });
  });

  it('does not bring back what was decided since', async () => {
    const badge = await award();
    const { credentialStatus } = cairn.services;
    await expect(dying().suspend(operator, badge.id, 'Held.')).rejects.toThrow('the power');
    const old = await stores().statusLists.read(badge.listOf('suspension'));
    await credentialStatus.reinstate(operator, badge.id, 'Settled.');
    time += 60_000;
    await cairn.cairn.dispatcher.sweep();
    // The one that had stopped wakes up, and tells what it knew.
    await stores().credentials.markSuspended(scopeOf(operator), badge.id, {
      suspended: true,
      version: old?.version ?? 0,
    });
    expect(await look(badge)).toEqual({
      outcome: 'valid',
      state: 'valid',
      award: 'live',
      audited: ['credential.suspended: Held.', 'credential.reinstated: Settled.'],
    });
  });
});

it('T41: a list that was put back to what it was before shows', async () => {
  const badge = await award();
  const { credentialStatus } = cairn.services;
  await credentialStatus.revoke(operator, badge.id, 'Copied.');
  expect(await credentialStatus.countLost()).toBe(0);
  const { statusLists, ...others } = stores();
  const rolledBack = createCredentialStatusService({
    ...others,
    statusLists: {
      ...statusLists,
      read: async (id) => {
        const list = await statusLists.read(id);
        return list && { ...list, bits: list.bits.slice(0, -1) };
      },
    },
    visible: cairn.services.credentials,
    audit: cairn.services.audit,
    fault: noFault,
    log: cairn.cairn.log,
    now,
  });
  expect(await rolledBack.countLost()).toBe(1);
});

describe('the versions of a list', () => {
  const readSigned = async (list: string) =>
    readStatusList(await cairn.services.statusLists.getSigned(list));

  it('are the same bytes whoever signs them, however many change it meanwhile', async () => {
    const badges = [await award(), await award(), await award(), await award()];
    const list = badges[0]?.listOf('suspension') ?? '';
    const processes = Array.from({ length: 2 }, () =>
      createStatusListService({
        statusLists: stores().statusLists,
        keys: cairn.services.signingKeys,
        documents: loadContexts(),
        urls: cairn.cairn.urls,
        now,
      }),
    );
    const seen = new Map<string, Set<string>>();
    const readAll = async () => {
      for (const text of await Promise.all(processes.map(({ getSigned }) => getSigned(list)))) {
        const { validFrom } = readStatusList(text);
        seen.set(validFrom, (seen.get(validFrom) ?? new Set()).add(text));
      }
    };
    const { suspend, reinstate } = cairn.services.credentialStatus;
    for (const decide of [suspend, reinstate, suspend]) {
      await Promise.all(
        badges.flatMap(({ id }) => [decide(operator, id, 'Looked into.'), readAll()]),
      );
    }
    await readAll();
    expect([...seen.values()].map(({ size }) => size)).toEqual([...seen].map(() => 1));
    expect(seen.size).toBeGreaterThan(3);
  });

  it('are dated one after the other within a moment, and when the clock is set back', async () => {
    const badge = await award();
    const { suspend, reinstate } = cairn.services.credentialStatus;
    const dates: number[] = [];
    for (const change of [0, 0, 0, -3_600_000, 0, 7_200_000]) {
      time += change;
      const decide = dates.length % 2 === 0 ? suspend : reinstate;
      await decide(operator, badge.id, 'Looked into.');
      dates.push(Date.parse((await readSigned(badge.listOf('suspension'))).validFrom));
    }
    expect(dates).toEqual([...new Set(dates)].sort((a, b) => a - b));
    expect(Math.abs((dates.at(-1) ?? 0) - time)).toBeLessThan(10);
  });

  it('never clear a revocation', async () => {
    const badge = await award();
    await cairn.services.credentialStatus.revoke(operator, badge.id, 'Copied.');
    const entry = await stores().statusLists.findEntry(badge.id, 'revocation');
    if (entry === undefined) throw new Error('no entry');
    const { index } = entry;
    const by = { kind: operator.kind, id: operator.id };
    const clearing = { id: newRandomId(), credential: badge.id, index, set: false, by, reason: '' };
    const due = now();
    expect(await stores().statusLists.change(entry, clearing, { now: due, due })).toBe(false);
    expect((await readSigned(badge.listOf('revocation'))).set).toContain(index);
  });

  it('start with a list on which nothing is set', async () => {
    const { id } = await stores().statusLists.openList(
      scopeOf({ organization: school.organization }),
      'suspension',
      131_072,
      now(),
    );
    await award();
    expect((await readSigned(id)).credential).toMatchObject({
      credentialSubject: { statusPurpose: 'suspension' },
    });
  });
});

it('a list gives way to the next when it is half full, whoever comes at once', async () => {
  const size = 64;
  const { statusLists } = stores();
  const small = createStatusListService({
    statusLists: {
      ...statusLists,
      openList: (scope, purpose, _size, at) => statusLists.openList(scope, purpose, size, at),
    },
    keys: cairn.services.signingKeys,
    documents: loadContexts(),
    urls: cairn.cairn.urls,
    now,
  });
  const scope = scopeOf({ organization: newRandomId() });
  const credentials = Array.from({ length: 100 }, newRandomId);
  const places = await Promise.all(credentials.map((id) => small.reserveEntries(scope, id)));
  const again = await Promise.all(credentials.map((id) => small.reserveEntries(scope, id)));
  expect(again).toEqual(places);
  for (const reserved of [places, places.map(({ suspension }) => suspension)]) {
    const perList = new Map<string, Set<number>>();
    for (const place of reserved) {
      if (place === undefined) throw new Error('no entry for suspension');
      perList.set(place.list, (perList.get(place.list) ?? new Set()).add(place.index));
    }
    const counts = [...perList.values()].map((indexes) => indexes.size);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(credentials.length);
    expect(perList.size).toBeGreaterThan(1);
  }
});
