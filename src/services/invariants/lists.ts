import { findAbsentFault, findBitFault } from '../../domain/invariants.ts';
import type { InvariantStore } from '../../storage/invariants.ts';
import type { StatusListStore } from '../../storage/status-lists.ts';
import { lookTwice, type Notes } from './notes.ts';

interface Dependencies {
  readonly invariants: InvariantStore;
  readonly statusLists: Pick<StatusListStore, 'read'>;
}

/** I3 and I5: the places of one list and its bits. */
export async function walkList(dependencies: Dependencies, id: string, notes: Notes) {
  const { invariants, statusLists } = dependencies;
  const bits = new Set((await statusLists.read(id))?.bits);
  let last: number | undefined;
  for await (const batch of invariants.eachEntry(id)) {
    const look = () => compareBits(dependencies, id, batch);
    const { faults, unused, erased, unkept } = await lookTwice(look, (seen) => seen.faults.length);
    for (const fault of faults) notes.fault('I5', fault);
    notes.count('I5', 'places', batch.length);
    notes.count('I5', 'set', batch.filter(({ index }) => bits.has(index)).length);
    notes.count('I2', 'places without a credential yet', unused);
    notes.count('I5', 'of documents that are not kept', unkept);
    notes.count('I5', 'of the erased', erased);
    for (const { index, credential } of batch) {
      bits.delete(index);
      if (index === last)
        notes.fault('I3', `place ${index} on ${id} is also that of ${credential}`);
      last = index;
    }
  }
  for (const index of bits) {
    if ((await invariants.findEntryAt(id, index)) === undefined)
      notes.fault('I5', `bit ${index} of ${id} is set and belongs to nothing`);
  }
}

async function compareBits(
  { invariants, statusLists }: Dependencies,
  id: string,
  entries: Awaited<ReturnType<InvariantStore['readEntries']>>,
) {
  const kept = entries.filter(({ credential }) => !credential.startsWith('signed:'));
  const states = await invariants.readStates(kept.map(({ credential }) => credential));
  const awards = new Map(
    (await invariants.readAwards([...states.values()].map(({ award }) => award))).map((row) => [
      row.id,
      row.state,
    ]),
  );
  const list = await statusLists.read(id);
  const content = { bits: new Set(list?.bits), changes: list?.changes ?? [] };
  const absent = kept.filter(({ credential }) => !states.has(credential));
  const erased = await invariants.readErased(absent.map(({ credential }) => credential));
  const faults = absent.flatMap(
    (entry) =>
      findAbsentFault(entry, {
        isSet: content.bits.has(entry.index),
        isErased: erased.has(entry.credential),
      }) ?? [],
  );
  for (const entry of kept) {
    const credential = states.get(entry.credential);
    if (credential === undefined) continue;
    const told = { credential: credential.state, award: awards.get(credential.award) };
    const fault = findBitFault(entry, content, told);
    if (fault !== undefined) faults.push(fault);
  }
  return {
    faults,
    unused: absent.length - erased.size,
    erased: erased.size,
    unkept: entries.length - kept.length,
  };
}
