/** Tells the time; tests hand in their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** `2026-11-22T09:00:00Z`: whole seconds, the form that every verifier reads (and that equals a JWT's `nbf`). */
export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
