import { mkdir } from 'node:fs/promises';
import type { Settings } from '../config/settings.ts';
import { invalid, type ServiceError } from '../shared/errors.ts';
import { explainDisk } from '../storage/archive/errors.ts';
import { inBatches } from '../storage/transfer/batches.ts';
import { isHalfSwitched } from '../storage/transfer/marker.ts';
import {
  assertEmpty,
  assertNotInUse,
  finishTarget,
  openTarget,
} from '../storage/transfer/open-target.ts';
import { parsePlace, type Place } from '../storage/transfer/place.ts';
import { openSource, type DocumentSource } from '../storage/transfer/source.ts';
import { openStaging } from '../storage/transfer/staging.ts';
import { createTally, type Tally } from '../storage/transfer/tally.ts';
import { placeOf } from './backup.ts';

export interface CopyOptions {
  /** The store of the settings, unless another one is named. */
  readonly from?: string | undefined;
  readonly to: string;
  /** Replaces what is there. */
  readonly force: boolean;
}

/** Hears how many documents of how many were copied. */
export type TellDocuments = (done: number, total: number) => void;

/**
 * Copies every document, byte for byte, and reads all of them back. Nothing is used before that: a folder gets its store
 * at the end, and on a database no Cairn starts until then. Whoever interrupts it starts again from nothing.
 */
export async function copyStore(
  settings: Settings,
  { from, to, force }: CopyOptions,
  tell: TellDocuments,
): Promise<ReadonlyMap<string, Tally>> {
  const [origin, goal] = [
    from === undefined ? placeOf(settings) : parsePlace(from),
    parsePlace(to),
  ];
  if (JSON.stringify(origin) === JSON.stringify(goal)) throw samePlace();
  if (origin.engine === 'embedded') await assertNotInUse(origin.directory);
  const source = await openSource(origin);
  try {
    return goal.engine === 'embedded'
      ? await copyToFolder(source, goal.directory, { force, tell })
      : await copyTo(source, goal, { force, tell });
  } catch (error) {
    throw explainDisk(error);
  } finally {
    await source.close();
  }
}

interface How {
  readonly force: boolean;
  readonly tell: TellDocuments;
}

async function copyToFolder(
  source: DocumentSource,
  directory: string,
  how: How,
): Promise<ReadonlyMap<string, Tally>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await assertNotInUse(directory);
  if (!how.force && !isHalfSwitched(directory))
    await assertEmpty({ engine: 'embedded', directory });
  const staging = await openStaging(directory, { files: false });
  try {
    const copied = await copyTo(source, { engine: 'embedded', directory: staging.directory }, how);
    await staging.switchIn(() => Promise.resolve());
    return copied;
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

async function copyTo(
  source: DocumentSource,
  goal: Place,
  { force, tell }: How,
): Promise<ReadonlyMap<string, Tally>> {
  const total = source.collections.reduce((sum, { documents }) => sum + documents, 0);
  const tallies = new Map<string, Tally>();
  const target = await openTarget(goal);
  try {
    if (goal.engine === 'mongodb') {
      if (await target.isSameAs(source)) throw samePlace();
      await target.begin(force);
    }
    let done = 0;
    for (const { name } of source.collections) {
      const tally = createTally();
      for await (const batch of inBatches(source.read(name))) {
        batch.forEach(tally.add);
        await target.write(name, batch);
        done += batch.length;
        tell(done, total);
      }
      tallies.set(name, tally.result());
    }
    await source.confirm(tallies);
    await target.check(tallies);
  } finally {
    await target.close();
  }
  await finishTarget(goal);
  return tallies;
}

function samePlace(): ServiceError {
  return invalid('store.same_place', 'This is the store that would be copied.');
}
