import type { Json } from './types.ts';
import { typesOf } from './values.ts';

/** What somebody may hold in their hands that has a data model of its own. */
export type Kind = 'badge' | 'endorsement' | 'transcript' | 'status list';

const kinds: readonly (readonly [type: string, kind: Kind])[] = [
  ['AchievementCredential', 'badge'],
  ['OpenBadgeCredential', 'badge'],
  ['EndorsementCredential', 'endorsement'],
  ['ClrCredential', 'transcript'],
  ['BitstringStatusListCredential', 'status list'],
];

/** Empty for every other credential. Of several at once each reader would see the one that they look for. */
export function kindsOf(credential: Json): readonly Kind[] {
  const types = typesOf(credential);
  return [...new Set(kinds.filter(([type]) => types.includes(type)).map(([, kind]) => kind))];
}
