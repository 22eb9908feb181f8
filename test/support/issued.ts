import type { Api } from './api.ts';
import { until } from './store.ts';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly award: string;
}

export const listAll = async (api: Api, path: '/issuances' | '/credentials') =>
  (await api.call<{ items: Listed[] }>('GET', `${path}?limit=200`)).items;

/** Every approval became one credential, and nothing else did. */
export async function expectOneOfEach(owner: Api, count: number): Promise<void> {
  await until(async () => {
    const found = await listAll(owner, '/issuances');
    return found.length === count && found.every(({ state }) => state === 'issued');
  }, 90_000);
  const awards = await listAll(owner, '/issuances');
  const credentials = await listAll(owner, '/credentials');
  expect(credentials.map(({ award }) => award).sort()).toEqual(awards.map(({ id }) => id).sort());
  expect(new Set(credentials.map(({ id }) => id)).size).toBe(count);
}
