// `npm run chaos` is the short form. CHAOS=long is the one whose figures count; CHAOS_SEED makes the same run again.
// How fast things are is only judged in the long form, on a machine that does nothing else.

export const isLong = process.env.CHAOS === 'long';

export const seed = Number(process.env.CHAOS_SEED ?? 1);

/** How long things are restarted in random order. */
export const minutes = Number(process.env.CHAOS_MINUTES ?? (isLong ? 5 : 0.5));

export const pick = <T>(short: T, long: T): T => (isLong ? long : short);
