import type { Json } from './types.ts';
import { idOf, isObject, list } from './values.ts';

/**
 * CLR 2.0: associations connect achievements of the transcript, those that it awards and those that it only
 * describes. Answers the ids that lead nowhere.
 */
export function findLooseAssociations(clr: Json): readonly string[] {
  const subjects = list(clr.credentialSubject).filter(isObject);
  const known = new Set(subjects.flatMap(achievementIds));
  const named = subjects
    .flatMap(({ association }) => list(association))
    .filter(isObject)
    .flatMap(({ sourceId, targetId }) => [sourceId, targetId])
    .filter((id) => typeof id === 'string');
  return [...new Set(named)].filter((id) => !known.has(id));
}

/** Also of transcripts inside of the transcript. */
function achievementIds(subject: Json): readonly (string | undefined)[] {
  return [
    ...list(subject.achievement).map(idOf),
    ...list(subject.verifiableCredential)
      .filter(isObject)
      .flatMap(({ credentialSubject }) => list(credentialSubject))
      .filter(isObject)
      .flatMap(achievementIds),
  ];
}
