import { defined } from '../../shared/defined.ts';
import { invalid } from '../../shared/errors.ts';
import {
  unnumbered,
  type CaseUris,
  type FrameworkMetadata,
  type PublishedRubric,
  type StandardContent,
} from '../standards.ts';
import { isRaw, readFields, readUri, type Fields, type Raw } from './fields.ts';
import { parseItems, readIdentifier, type Item } from './items.ts';
import { parseParents, type ParentLinks } from './associations.ts';
import { parseRubrics } from './rubrics.ts';
import { assertTree } from './tree.ts';
import { createWarnings, type ImportWarning, type Warnings } from './warnings.ts';

/** A framework with its standards, as some document tells it. */
export interface StandardsPackage {
  readonly framework: FrameworkMetadata;
  readonly standards: readonly StandardContent[];
  readonly rubrics: readonly PublishedRubric[];
  readonly warnings: readonly ImportWarning[];
}

/**
 * Reads a CASE 1.0 or 1.1 package, bare or as `{CFPackage: …}`. Hardly any published package fits the schema of the
 * specification, so faults become warnings; refused is only what cannot be a tree of standards.
 */
export function parseCasePackage(value: unknown, uris: CaseUris): StandardsPackage {
  const raw = unwrap(value);
  const warnings = createWarnings();
  const framework = parseDocument(raw.CFDocument, uris, warnings);
  const items = parseItems(raw.CFItems, uris, warnings);
  const links = parseParents(raw.CFAssociations, { items, framework, warnings });
  const standards = items.map((item) => place(item, links, warnings));
  assertTree(standards);
  const rubrics = parseRubrics(raw.CFRubrics, byUri(items), warnings);
  return { framework, standards, rubrics, warnings: warnings.list() };
}

function unwrap(value: unknown): Raw {
  const raw = isRaw(value) && isRaw(value.CFPackage) ? value.CFPackage : value;
  if (isRaw(raw) && isRaw(raw.CFDocument)) return raw;
  throw invalid(
    'package.not_case',
    'This is not a CASE package: it has no CFDocument that names the framework.',
  );
}

function parseDocument(value: unknown, uris: CaseUris, warnings: Warnings): FrameworkMetadata {
  const fields = readFields(isRaw(value) ? value : {}, 'CFDocument', warnings);
  const identifier = readIdentifier(fields);
  if (identifier === undefined) {
    throw invalid(
      'package.no_identifier',
      'The framework (CFDocument) has no usable identifier, so a later import could not find it again.',
      [{ path: 'CFDocument.identifier', message: 'must be there' }],
    );
  }
  fields.checkDate();
  if (typeof fields.raw.CFPackageURI === 'string')
    fields.warn('link.as_text', 'CFPackageURI', '"CFPackageURI" is text instead of a link.');
  return {
    identifier,
    uri: readUri(fields, uris.document(identifier)),
    title: readTitle(fields),
    ...defined({
      creator: fields.text('creator'),
      publisher: fields.text('publisher'),
      description: fields.text('description'),
      version: fields.text('version'),
      language: fields.text('language'),
      licenseUri: readLicense(fields),
    }),
  };
}

function readTitle(fields: Fields): string {
  const title = fields.text('title');
  if (title !== undefined) return title.slice(0, 500);
  fields.warn('document.no_title', 'title', 'The framework has no title.');
  return 'Untitled framework';
}

function readLicense({ raw: { licenseURI } }: Fields): string | undefined {
  const uri = isRaw(licenseURI) ? licenseURI.uri : licenseURI;
  return typeof uri === 'string' && /^https?:\/\/[^\s<>"]{1,2000}$/i.test(uri) ? uri : undefined;
}

function place({ fields, content }: Item, links: ParentLinks, warnings: Warnings): StandardContent {
  const link = links.of(content.identifier);
  if (link === undefined && links.some) {
    warnings.add({
      code: 'parent.none',
      path: fields.path,
      identifier: content.identifier,
      message: 'This standard hangs on nothing; it is listed at the top.',
    });
  }
  return {
    ...content,
    parents: link?.parents ?? [],
    sequence: link?.sequence ?? readEnumeration(fields) ?? unnumbered,
  };
}

/** Some publishers number their standards here instead of in the associations. */
function readEnumeration({ raw: { listEnumeration } }: Fields): number | undefined {
  return typeof listEnumeration === 'string' && /^\d{1,9}$/.test(listEnumeration)
    ? Number(listEnumeration)
    : undefined;
}

function byUri(items: readonly Item[]): ReadonlyMap<string, string> {
  return new Map(items.map(({ content }) => [content.uri, content.identifier]));
}
