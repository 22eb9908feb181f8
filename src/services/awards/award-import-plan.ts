import type { AchievementVersion } from '../../domain/achievements.ts';
import type { AwardRow, RowIssue } from '../../domain/award-sheet.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import { scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { ServiceError } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AwardStore, LiveAward } from '../../storage/awards.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AchievementService } from '../achievements/achievements.ts';
import type { BossGate } from '../levels/boss-gate.ts';
import { assertSignable, draftAward, requestOf } from './award-drafts.ts';
import { columnOf, readResults } from './award-import-results.ts';
import { assertAwardable, type DirectAward } from './award-rules.ts';

/** What is to become of one row. */
export type PlannedRow = { readonly line: number } & (
  | { readonly state: 'failed'; readonly issues: readonly RowIssue[] }
  | { readonly state: 'held'; readonly award: LiveAward }
  | { readonly state: 'ready'; readonly input: DirectAward; readonly version: AchievementVersion }
);

export interface PlanDependencies {
  readonly people: PersonStore;
  readonly awards: AwardStore;
  readonly achievements: Pick<AchievementService, 'findCurrentMany'>;
  readonly bossGate: Pick<BossGate, 'findClosed'>;
  readonly urls: Urls;
}

interface Known {
  readonly actor: Actor;
  readonly organization: Organization;
  readonly versions: ReadonlyMap<string, readonly AchievementVersion[]>;
  readonly people: ReadonlyMap<string, readonly Person[]>;
  /** Lines by learner and achievement. */
  readonly lines: Map<string, number>;
  readonly urls: Urls;
  readonly now: Date;
}

type Found<T> = { readonly value: T } | { readonly issue: RowIssue };
interface Resolved {
  readonly row: AwardRow;
  readonly learner: Person;
  readonly version: AchievementVersion;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Decides about rows by what the school knows, some at a time, so that each kind of thing is read once for all of them. */
export async function createAwardPlanner(
  dependencies: PlanDependencies,
  {
    actor,
    organization,
    rows,
    now,
  }: {
    actor: Actor;
    organization: Organization;
    rows: readonly AwardRow[];
    now: Date;
  },
) {
  const { people, awards, urls } = dependencies;
  const scope = scopeOf(actor);
  const versions = await readVersions(dependencies, scope, rows);
  const lines = new Map<string, number>();

  return { plan };

  async function plan(some: readonly AwardRow[]): Promise<readonly PlannedRow[]> {
    const named = await readPeople(people, scope, some);
    const known: Known = { actor, organization, versions, people: named, lines, urls, now };
    const resolved = some.map((row) => resolve(row, known));
    const live = await readLive(awards, scope, resolved);
    const closed = await readClosed(dependencies, scope, resolved);
    return resolved.map((one) => {
      if ('state' in one) return one;
      const pair = pairKey(one.learner.id, one.version.achievement);
      const award = live.get(pair);
      if (award !== undefined) return { line: one.row.line, state: 'held', award };
      const refusal = closed.get(pair);
      if (refusal === undefined) return decide(one, known);
      return { line: one.row.line, state: 'failed', issues: toIssues(refusal) };
    });
  }
}

const pairKey = (learner: string, achievement: string) => `${learner} ${achievement}`;

async function readVersions(
  { achievements }: PlanDependencies,
  scope: Scope,
  rows: readonly AwardRow[],
): Promise<Known['versions']> {
  const cells = [...new Set(rows.map(({ achievement }) => achievement))];
  const ids = cells.filter((cell) => uuid.test(cell)).map((cell) => cell.toLowerCase());
  const found = await achievements.findCurrentMany(scope, { ids, names: cells });
  return groupBy(
    [...new Map(found.map((version) => [version.achievement, version])).values()],
    (version) => [version.achievement, version.name],
  );
}

async function readPeople(
  people: PersonStore,
  scope: Scope,
  rows: readonly AwardRow[],
): Promise<Known['people']> {
  const cells = [...new Set(rows.map(({ learner }) => learner))].filter((cell) => cell !== '');
  const found = await people.findByKeys(scope, {
    ids: cells.filter((cell) => uuid.test(cell)).map((cell) => cell.toLowerCase()),
    emails: cells.filter((cell) => cell.includes('@')).map((cell) => cell.toLowerCase()),
    sourcedIds: cells,
  });
  const each = [...new Map(found.map((person) => [person.id, person])).values()];
  return groupBy(each, ({ id, email, sourcedId }) => [
    id,
    ...(email === undefined ? [] : [email]),
    ...(sourcedId === undefined ? [] : [sourcedId]),
  ]);
}

/** Things by each of their names; nothing stands twice under one. */
function groupBy<T>(things: readonly T[], namesOf: (thing: T) => readonly string[]) {
  const groups = new Map<string, readonly T[]>();
  for (const thing of things) {
    for (const name of new Set(namesOf(thing)))
      groups.set(name, [...(groups.get(name) ?? []), thing]);
  }
  return groups;
}

async function readLive(
  awards: AwardStore,
  scope: Scope,
  rows: readonly (PlannedRow | Resolved)[],
): Promise<ReadonlyMap<string, LiveAward>> {
  const resolved = rows.flatMap((row) => ('state' in row ? [] : [row]));
  if (resolved.length === 0) return new Map();
  const found = await awards.listLive(scope, {
    learners: [...new Set(resolved.map(({ learner }) => learner.id))],
    achievements: [...new Set(resolved.map(({ version }) => version.achievement))],
  });
  return new Map(found.map((award) => [pairKey(award.learner, award.achievement), award]));
}

/** Bosses that are not open yet for whom the sheet names; a sheet cannot say why they should be. */
async function readClosed(
  { bossGate }: PlanDependencies,
  scope: Scope,
  rows: readonly (PlannedRow | Resolved)[],
): Promise<ReadonlyMap<string, ServiceError>> {
  const attempts = rows.flatMap((row) =>
    'state' in row || row.version.kind !== 'boss'
      ? []
      : [{ learner: row.learner.id, achievement: row.version.achievement }],
  );
  const closed = await bossGate.findClosed(scope, attempts);
  return new Map(
    attempts.flatMap(({ learner, achievement }, place) => {
      const refusal = closed.get(place);
      return refusal === undefined ? [] : [[pairKey(learner, achievement), refusal] as const];
    }),
  );
}

function resolve(row: AwardRow, known: Known): PlannedRow | Resolved {
  if (row.issues.length > 0) return { line: row.line, state: 'failed', issues: row.issues };
  const learner = findLearner(row, known);
  const version = findVersion(row, known);
  if (!('value' in learner) || !('value' in version)) {
    const issues = [learner, version].flatMap((one) => ('issue' in one ? [one.issue] : []));
    return { line: row.line, state: 'failed', issues };
  }
  const pair = pairKey(learner.value.id, version.value.achievement);
  const earlier = known.lines.get(pair);
  if (earlier !== undefined && earlier !== row.line) {
    const message = `the same learner and achievement stand in line ${earlier} already`;
    return { line: row.line, state: 'failed', issues: [{ code: 'row.repeated', message }] };
  }
  known.lines.set(pair, row.line);
  return { row, learner: learner.value, version: version.value };
}

function findLearner({ learner: cell }: AwardRow, { people }: Known): Found<Person> {
  const named = [cell, cell.toLowerCase()].flatMap((key) => people.get(key) ?? []);
  const [person, ...others] = new Set(named);
  const fault = (code: string, message: string) => ({
    issue: { column: 'learner', code, message },
  });
  if (others.length > 0)
    return fault('learner.ambiguous', 'could be several people; use the id of the one');
  if (person === undefined)
    return fault('learner.not_found', 'is no id, e-mail address or sourcedId of your school');
  if (!person.roles.includes('learner')) return fault('learner.not_found', 'is not a learner');
  return { value: person };
}

function findVersion(
  { achievement: cell }: AwardRow,
  { versions }: Known,
): Found<AchievementVersion> {
  const named = [cell, cell.toLowerCase()].flatMap((key) => versions.get(key) ?? []);
  const [version, ...others] = new Set(named);
  const fault = (code: string, message: string) => ({
    issue: { column: 'achievement', code, message },
  });
  if (others.length > 0)
    return fault(
      'achievement.ambiguous',
      'is the name of several achievements; use the id of the one',
    );
  if (version === undefined)
    return fault('achievement.not_found', 'is no id or exact name of a published achievement');
  return { value: version };
}

/** The rules of a direct award, for one row. */
function decide({ row, learner, version }: Resolved, known: Known): PlannedRow {
  const { line } = row;
  const results = readResults(row, version);
  if (results.issues.length > 0) return { line, state: 'failed', issues: results.issues };
  const input: DirectAward = {
    learner: learner.id,
    achievement: version.achievement,
    narrative: row.narrative,
    evidence: row.evidence === undefined ? [] : [row.evidence],
    results: results.found,
  };
  const { actor, organization } = known;
  try {
    assertAwardable(actor, input, { version, policy: organization.policy });
    assertSignable(draftOf({ input, learner, version }, known).unsigned);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { line, state: 'failed', issues: toIssues(error) };
  }
  return { line, state: 'ready', input, version };
}

/** As it will be, but for keys and places, which are fixed when it is written. */
function draftOf(
  { input, learner, version }: { input: DirectAward; learner: Person; version: AchievementVersion },
  { actor, organization, urls, now }: Known,
) {
  const decision = { source: { kind: 'import' }, awardedBy: actor.id, awardedAt: now } as const;
  return draftAward(requestOf(input, { version, ...decision }), {
    organization,
    learner,
    version,
    keys: { dataIntegrity: '', jwt: '' },
    status: { list: '', index: 0 },
    urls,
    now,
  });
}

const columnsOfCodes: Readonly<Record<string, string>> = {
  'award.own': 'learner',
  'award.level_by_rule': 'achievement',
  'award.second_reader_needed': 'achievement',
  'boss.not_ready': 'achievement',
  'award.no_grounds': 'narrative',
};

function toIssues({ code, message, issues }: ServiceError): readonly RowIssue[] {
  if (code === 'award.below_required')
    return issues.map(({ path, message: what }) => ({
      column: columnOf(path),
      code,
      message: what,
    }));
  const column = columnsOfCodes[code];
  const reasons = issues.map(({ path, message: what }) => ` ${path} ${what}`).join('');
  return [{ ...(column === undefined ? {} : { column }), code, message: `${message}${reasons}` }];
}
