import { scopeOf } from '../../domain/roles.ts';
import type { InvariantStore } from '../../storage/invariants.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { StatusListStore } from '../../storage/status-lists.ts';
import type { AuditService } from '../audit.ts';
import type { IssuanceLogService } from '../credentials/issuance-log.ts';
import type { LeftoverService } from '../erasure/leftovers.ts';
import type { SigningKeyService } from '../credentials/signing-keys.ts';
import type { VerificationService } from '../verification/verification.ts';
import { walkCredentials, type ExamineOptions } from './credentials.ts';
import { walkList } from './lists.ts';
import { createNotes, type Invariant, type Notes } from './notes.ts';
import { walkApprovals, walkAwards } from './outbox.ts';

interface Dependencies {
  readonly invariants: InvariantStore;
  readonly organizations: Pick<OrganizationStore, 'list'>;
  readonly statusLists: Pick<StatusListStore, 'read'>;
  readonly audit: Pick<AuditService, 'verify'>;
  readonly issuanceLog: Pick<IssuanceLogService, 'verify'>;
  readonly keys: Pick<SigningKeyService, 'isCompromised'>;
  readonly verification: Pick<VerificationService, 'verify'>;
  readonly leftovers: Pick<LeftoverService, 'find'>;
}

/** Reads the whole store and says whether what must be so is so. Changes nothing; others may go on working meanwhile. */
export function createInvariantService(dependencies: Dependencies) {
  const { organizations } = dependencies;

  return { examine };

  async function examine(options: ExamineOptions = {}): Promise<readonly Invariant[]> {
    const notes = createNotes();
    const all = await organizations.list();
    const scopes = all.map(({ id }) => scopeOf({ organization: id }));
    for (const scope of scopes) {
      await walkApprovals(dependencies.invariants, scope, notes);
      await walkAwards(dependencies.invariants, scope, notes);
    }
    await walkCredentials(dependencies, scopes, { notes, options });
    for (const list of await dependencies.invariants.listLists())
      await walkList(dependencies, list, notes);
    await walkChains(dependencies, notes);
    await countRows(dependencies, new Set(all.map(({ id }) => id)), notes);
    await walkFiles(dependencies, notes);
    return notes.report();
  }
}

async function walkChains({ audit, issuanceLog }: Dependencies, notes: Notes) {
  for (const { organization, events, fault } of await audit.verify()) {
    notes.count('I6', 'events', events);
    notes.fault('I6', fault && `audit chain of ${organization}: ${fault}`);
  }
  for (const { organization, entries, fault } of await issuanceLog.verify()) {
    notes.count('I6', 'log entries', entries);
    notes.fault('I6', fault && `issuance log of ${organization}: ${fault}`);
  }
}

async function walkFiles({ leftovers }: Dependencies, notes: Notes) {
  const { files, found } = await leftovers.find();
  notes.count('I8', 'files', files);
  for (const { id, size, writtenAt } of found) {
    const what = `file ${id} (${size} bytes of ${writtenAt.toISOString()}) belongs to nothing`;
    notes.fault('I8', `${what}; cairn doctor --remove-leftovers deletes it`);
  }
}

async function countRows(
  { invariants }: Dependencies,
  organizations: ReadonlySet<unknown>,
  notes: Notes,
) {
  for (const { collection, counts } of await invariants.countRows()) {
    for (const { _id: organization, rows } of counts) {
      notes.count('I7', 'rows', rows);
      if (!organizations.has(organization))
        notes.fault('I7', `${rows} of ${collection} belong to no organization that there is`);
    }
  }
}
