import { findApprovalFault, findAwardFault } from '../../domain/invariants.ts';
import type { Scope } from '../../domain/roles.ts';
import type { InvariantStore } from '../../storage/invariants.ts';
import { lookTwice, type Notes } from './notes.ts';

/** I1: from approvals to awards. */
export async function walkApprovals(invariants: InvariantStore, scope: Scope, notes: Notes) {
  for await (const ids of invariants.eachId('submissions', scope)) {
    const look = async () => {
      const approvals = await invariants.readApprovals(ids);
      const awards = new Set(
        (await invariants.readAwards(approvals.map(({ award = '' }) => award))).map(({ id }) => id),
      );
      const faults = approvals.map((row) => findApprovalFault(row, awards.has(row.award ?? '')));
      return { approvals, faults: faults.filter((fault) => fault !== undefined) };
    };
    const { approvals, faults } = await lookTwice(look, (seen) => seen.faults.length);
    notes.count('I1', 'approvals', approvals.length);
    for (const fault of faults) notes.fault('I1', fault);
  }
}

/** I1: from awards to credentials. */
export async function walkAwards(invariants: InvariantStore, scope: Scope, notes: Notes) {
  for await (const ids of invariants.eachId('awards', scope)) {
    const look = async () => {
      const awards = await invariants.readAwards(ids);
      const states = await invariants.readStates(awards.map(({ issuance }) => issuance.credential));
      const faults = awards.map((row) => findAwardFault(row, states.get(row.issuance.credential)));
      return { awards, faults: faults.filter((fault) => fault !== undefined) };
    };
    const { awards, faults } = await lookTwice(look, (seen) => seen.faults.length);
    for (const { issuance } of awards) {
      const { state } = issuance;
      notes.count('I1', state === 'issued' || state === 'failed' ? state : 'waiting');
    }
    for (const fault of faults) notes.fault('I1', fault);
  }
}
