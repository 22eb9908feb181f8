/** What has to come before what: each key needs all of its values first. */
export type Prerequisites = ReadonlyMap<string, readonly string[]>;

/**
 * A circle in which things wait for each other, in the order of waiting; undefined when there is none. Every edge is
 * looked at once, and nothing is nested as deep as the chain is long.
 */
export function findCycle(prerequisites: Prerequisites): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of prerequisites.keys()) {
    const cycle = walkFrom(start, prerequisites, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Depth first, with the way from `start` in a list of its own. */
function walkFrom(
  start: string,
  prerequisites: Prerequisites,
  done: Set<string>,
): readonly string[] | undefined {
  const way: { readonly node: string; next: number }[] = [];
  const onWay = new Set<string>();
  const enter = (node: string) => {
    onWay.add(node);
    way.push({ node, next: 0 });
  };
  if (!done.has(start)) enter(start);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const before = prerequisites.get(here.node)?.[here.next];
    here.next += 1;
    if (before === undefined) {
      done.add(here.node);
      onWay.delete(here.node);
      way.pop();
    } else if (onWay.has(before)) {
      const nodes = way.map(({ node }) => node);
      return nodes.slice(nodes.indexOf(before));
    } else if (!done.has(before)) enter(before);
  }
  return undefined;
}
