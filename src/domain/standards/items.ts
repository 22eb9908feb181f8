import { defined } from '../../shared/defined.ts';
import { invalid } from '../../shared/errors.ts';
import type { CaseUris, StandardContent } from '../standards.ts';
import { checkIdentifier, isRaw, readFields, readUri, type Fields } from './fields.ts';
import type { Warnings } from './warnings.ts';

export const maxStandards = 50_000;
export const maxStatement = 20_000;
const maxIdentifier = 200;

/** An identifier is quoted for ever, so it is never repaired: odd ones are kept, unusable ones are none. */
export function readIdentifier(fields: Fields): string | undefined {
  const identifier = fields.text('identifier');
  if (identifier === undefined || identifier.length > maxIdentifier) return undefined;
  checkIdentifier(identifier, fields);
  return identifier;
}

/** An item before its place in the tree is known. */
export interface Item {
  readonly fields: Fields;
  readonly content: Omit<StandardContent, 'parents' | 'sequence'>;
}

/** The CFItems that can be used, each identifier once; the others are left out with a warning. */
export function parseItems(value: unknown, uris: CaseUris, warnings: Warnings): readonly Item[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length > maxStandards) {
    throw invalid(
      'package.too_many_standards',
      `This package has ${list.length} standards; ${maxStandards} is the most that one framework takes.`,
    );
  }
  const items = new Map<string, Item>();
  for (const [index, raw] of list.entries()) {
    const fields = readFields(isRaw(raw) ? raw : {}, `CFItems.${index}`, warnings);
    const item = parseItem(fields, uris);
    if (item === undefined) continue;
    if (items.has(item.content.identifier))
      fields.warn('item.duplicate', '', 'This identifier is there twice; the first is used.');
    else items.set(item.content.identifier, item);
  }
  if (items.size > 0) return [...items.values()];
  throw invalid(
    'package.no_standards',
    'This package has no standards (CFItems) that can be used.',
    warnings.list().map(({ path, message }) => ({ path, message })),
  );
}

function parseItem(fields: Fields, uris: CaseUris): Item | undefined {
  const identifier = readIdentifier(fields);
  const statement = fields.text('fullStatement');
  if (identifier === undefined || statement === undefined || statement.length > maxStatement) {
    fields.warn('item.incomplete', '', `Left out: ${faultOf(identifier, statement)}.`);
    return undefined;
  }
  fields.checkDate();
  return {
    fields,
    content: {
      identifier,
      uri: readUri(fields, uris.item(identifier)),
      statement,
      ...defined({
        code: fields.text('humanCodingScheme')?.trim().slice(0, 200),
        abbreviatedStatement: fields.text('abbreviatedStatement')?.slice(0, 2_000),
        type: fields.text('CFItemType')?.slice(0, 200) ?? readTypeTitle(fields),
      }),
      educationLevel: readEducationLevel(fields),
    },
  };
}

function faultOf(identifier: string | undefined, statement: string | undefined): string {
  if (identifier === undefined) return 'this standard has no usable identifier';
  return statement === undefined
    ? 'this standard says nothing (no fullStatement)'
    : `the statement has more than ${maxStatement} characters`;
}

function readTypeTitle({ raw: { CFItemTypeURI: link } }: Fields): string | undefined {
  return isRaw(link) && typeof link.title === 'string' && link.title.trim() !== ''
    ? link.title.slice(0, 200)
    : undefined;
}

/** OpenSALT's early exports write `educationalLevel`, with one text. */
function readEducationLevel(fields: Fields): readonly string[] {
  if (fields.raw.educationLevel === undefined && fields.raw.educationalLevel !== undefined) {
    fields.warn(
      'field.misspelt',
      'educationalLevel',
      '"educationalLevel" was read as "educationLevel".',
    );
    return fields.texts('educationalLevel');
  }
  return fields.texts('educationLevel');
}
