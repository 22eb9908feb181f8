import type { Standard, StandardContent } from '../standards.ts';

/** A standard as it is and as the import wants it. */
export interface StandardUpdate {
  readonly before: Standard;
  readonly after: Standard;
}

export interface ImportPlan {
  readonly created: readonly StandardContent[];
  readonly updated: readonly StandardUpdate[];
  readonly retired: readonly Standard[];
  readonly unchanged: readonly Standard[];
}

/**
 * What has to happen so that a framework says what `incoming` says, by CASE identifier. A standard that is missing is
 * retired, never deleted, because credentials point at it; one that comes back is current again. Standards that were
 * retired before and are still missing are in none of the four lists.
 */
export function planImport(
  existing: readonly Standard[],
  incoming: readonly StandardContent[],
): ImportPlan {
  const known = new Map(existing.map((standard) => [standard.identifier, standard]));
  const seen = new Set<string>();
  const created: StandardContent[] = [];
  const updated: StandardUpdate[] = [];
  const unchanged: Standard[] = [];
  for (const content of incoming) {
    if (seen.has(content.identifier)) continue;
    seen.add(content.identifier);
    const before = known.get(content.identifier);
    if (before === undefined) created.push(content);
    else if (before.state === 'current' && hasContent(before, content)) unchanged.push(before);
    else updated.push({ before, after: withContent(before, content) });
  }
  const retired = existing.filter(
    ({ identifier, state }) => state === 'current' && !seen.has(identifier),
  );
  return { created, updated, retired, unchanged };
}

/** The standard under the same id with nothing of its old content. */
function withContent(
  { id, organization, framework }: Standard,
  content: StandardContent,
): Standard {
  return { id, organization, framework, ...content, state: 'current' };
}

function hasContent(standard: Standard, content: StandardContent): boolean {
  return (
    standard.uri === content.uri &&
    standard.statement === content.statement &&
    standard.code === content.code &&
    standard.abbreviatedStatement === content.abbreviatedStatement &&
    standard.type === content.type &&
    standard.sequence === content.sequence &&
    isSame(standard.educationLevel, content.educationLevel) &&
    isSameSet(standard.parents, content.parents)
  );
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, place) => entry === b[place]);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(a);
  return members.size === new Set(b).size && b.every((entry) => members.has(entry));
}
