import { defined } from '../../shared/defined.ts';
import type {
  PublishedRubric,
  PublishedRubricCriterion,
  PublishedRubricLevel,
} from '../standards.ts';
import { isRaw, readFields, readLink, type Fields, type Raw } from './fields.ts';
import type { Warnings } from './warnings.ts';

const maxRubrics = 200;
const maxText = 400_000;

/** The CFRubrics of a package; those beyond what a framework can carry stay in the kept document only. */
export function parseRubrics(
  value: unknown,
  itemsByUri: ReadonlyMap<string, string>,
  warnings: Warnings,
): readonly PublishedRubric[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const rubrics = members(value, 'CFRubrics', warnings).flatMap((fields) =>
    parseRubric(fields, itemsByUri, warnings),
  );
  const kept = limit(rubrics);
  warnings.add({
    code: 'rubrics.kept',
    path: 'CFRubrics',
    message:
      kept.length === value.length
        ? `The rubrics of the package (${value.length}) are kept with the framework.`
        : `${kept.length} of the ${value.length} rubrics of the package are kept with the framework.`,
  });
  return kept;
}

function limit(rubrics: readonly PublishedRubric[]): readonly PublishedRubric[] {
  let size = 0;
  return rubrics
    .slice(0, maxRubrics)
    .filter((rubric) => (size += JSON.stringify(rubric).length) <= maxText);
}

function members(value: unknown, path: string, warnings: Warnings): readonly Fields[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((raw, place) =>
    isRaw(raw) ? [readFields(raw, `${path}.${place}`, warnings)] : [],
  );
}

function membersOf({ raw, path }: { raw: Raw; path: string }, field: string, warnings: Warnings) {
  return members(raw[field], `${path}.${field}`, warnings);
}

function parseRubric(
  fields: Fields,
  itemsByUri: ReadonlyMap<string, string>,
  warnings: Warnings,
): readonly PublishedRubric[] {
  const identifier = readIdentifier(fields);
  if (identifier === undefined) return [];
  const criteria = membersOf(fields, 'CFRubricCriteria', warnings).flatMap((criterion) =>
    parseCriterion(criterion, itemsByUri, warnings),
  );
  return [
    {
      identifier,
      ...defined({
        uri: fields.text('uri'),
        title: fields.text('title'),
        description: fields.text('description'),
      }),
      criteria: inPosition(criteria),
    },
  ];
}

function parseCriterion(
  fields: Fields,
  itemsByUri: ReadonlyMap<string, string>,
  warnings: Warnings,
): readonly PublishedRubricCriterion[] {
  const identifier = readIdentifier(fields);
  if (identifier === undefined) return [];
  const levels = membersOf(fields, 'CFRubricCriterionLevels', warnings).flatMap(parseLevel);
  return [
    {
      identifier,
      ...defined({
        category: fields.text('category'),
        description: fields.text('description'),
        standard: readLink(fields, 'CFItemURI', itemsByUri),
        position: fields.number('position'),
      }),
      levels: inPosition(levels),
    },
  ];
}

function parseLevel(fields: Fields): readonly PublishedRubricLevel[] {
  const identifier = readIdentifier(fields);
  if (identifier === undefined) return [];
  return [
    {
      identifier,
      ...defined({
        quality: fields.text('quality'),
        description: fields.text('description'),
        score: fields.number('score'),
        position: fields.number('position'),
      }),
    },
  ];
}

function readIdentifier(fields: Fields): string | undefined {
  const identifier = fields.text('identifier');
  if (identifier === undefined)
    fields.warn('rubric.incomplete', '', 'A part of a rubric has no identifier; it was left out.');
  return identifier;
}

function inPosition<T extends { readonly position?: number }>(parts: readonly T[]): readonly T[] {
  return [...parts].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}
