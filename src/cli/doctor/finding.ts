/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** Nothing is broken, but somebody should know. */
  readonly note?: true;
  /** A sentence: what was found, and where it helps, what to do. */
  readonly detail: string;
}

/** Found by a check: fine so, but worth telling. */
export interface Note {
  readonly note: string;
}

/** Looks; what is wrong is an answer, too, so that the next thing is looked at whatever became of this one. */
export async function look(
  what: string,
  check: () => Promise<string | Note> | string | Note,
): Promise<Finding> {
  try {
    const found = await check();
    return typeof found === 'string'
      ? { what, ok: true, detail: found }
      : { what, ok: true, note: true, detail: found.note };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : 'does not answer' };
  }
}
