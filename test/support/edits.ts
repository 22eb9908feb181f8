import type { Edit, Words } from './edit-places.ts';
import { shapeRules } from './edit-shapes.ts';
import { layoutRules, valueRules } from './edit-values.ts';
import type { Json } from './json-places.ts';

// Single edits of a signed credential, as a holder could make them with a text editor.

const rules = { ...shapeRules, ...valueRules, ...layoutRules };

/** Kinds that change nothing. */
export const layoutKinds = ['order of members', 'layout'];

/** Numbers that look random and are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Of every kind at most so many edits, chosen by chance. */
export function editsOf(
  credential: Json,
  { words, perKind, random }: { words: Words; perKind: number; random: () => number },
): readonly Edit[] {
  return Object.entries(rules).flatMap(([kind, make]) => {
    const all = [...make(credential, words)].filter(
      ({ edited }) =>
        typeof edited === 'string' || JSON.stringify(edited) !== JSON.stringify(credential),
    );
    const chosen = all
      .map((edit) => ({ edit, at: random() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, perKind);
    return chosen.map(({ edit }) => ({ kind, ...edit }));
  });
}
