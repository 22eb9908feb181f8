import jsonld, { type ActiveContext } from 'jsonld';
import { invalid, type ServiceError } from '../shared/errors.ts';
import { contextUrls, type DocumentLoader } from './documents.ts';

// A context decides what the words of a credential mean, and a signature covers meanings, not words. So a context from
// outside may only add: it may not change what the pinned contexts say, and it may not give one of their meanings a
// second spelling, behind which a holder could hide a member from readers of JSON.

const credentialsV1 = 'https://www.w3.org/2018/credentials/v1';
const stacks = [
  [contextUrls.credentialsV2, contextUrls.openBadges],
  [contextUrls.credentialsV2, contextUrls.clr, contextUrls.openBadges],
  [credentialsV1, contextUrls.openBadges],
];
const limits = { depth: 20, terms: 5_000, scopes: 6 };
/** `@base` and what makes other texts foreign words are left to documents. */
const allowedKeywords = new Set(['@version', '@protected', '@propagate', '@vocab']);

type Fields = Readonly<Record<string, unknown>>;
type Options = Parameters<typeof jsonld.processContext>[2];

/**
 * A context that may be added to the known ones.
 * @throws ServiceError `context.*` that says why not
 */
export async function parseContext(text: string, documents: DocumentLoader): Promise<object> {
  const document = parseJson(text);
  const context = isFields(document) ? document['@context'] : undefined;
  if (context === undefined) throw refused('not_a_context', 'It is no JSON-LD context.');
  assertSelfContained(context);
  const options = { documentLoader: documents, base: null };
  const empty = await jsonld.processContext(null, null, options);
  let fits = false;
  for (const stack of stacks) {
    const before = await jsonld.processContext(empty, { '@context': stack }, options);
    const after = await jsonld
      .processContext(before, { '@context': context }, options)
      .catch(() => undefined);
    if (after === undefined) continue;
    fits = true;
    assertSame(before, after);
    await assertOwnMeanings(before, after, options);
  }
  if (fits) return document as object;
  const reason =
    'It cannot be used beside the contexts of credentials and Open Badges: it is malformed, or it redefines their words.';
  throw refused('not_usable', reason);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused('not_a_context', 'It is no JSON.');
  }
}

/** Nothing in it may lead elsewhere: what it means has to be in its bytes. */
function assertSelfContained(context: unknown, depth = 0): void {
  if (depth > limits.depth) throw refused('too_complex', 'It is nested too deeply.');
  for (const part of Array.isArray(context) ? (context as unknown[]) : [context]) {
    if (!isFields(part)) {
      throw refused('not_self_contained', 'It refers to another context, or takes all words back.');
    }
    const entries = Object.entries(part);
    if (entries.length > limits.terms) throw refused('too_complex', 'It defines too many words.');
    for (const [term, definition] of entries) assertTerm(term, definition, depth);
  }
}

function assertTerm(term: string, definition: unknown, depth: number): void {
  if (term.startsWith('@') && !allowedKeywords.has(term)) {
    throw refused('keyword_not_allowed', `It uses “${term.slice(0, 40)}”, which is not allowed.`);
  }
  if (isFields(definition) && '@context' in definition) {
    assertSelfContained(definition['@context'], depth + 1);
  }
}

function assertSame(before: ActiveContext, after: ActiveContext): void {
  for (const [term, mapping] of before.mappings) {
    if (!isSame(mapping, after.mappings.get(term))) {
      throw refused('redefines', `It gives “${term}” another meaning.`);
    }
  }
}

async function assertOwnMeanings(
  before: ActiveContext,
  after: ActiveContext,
  options: Options,
): Promise<void> {
  const names = new Map<string, Set<string>>();
  for (const { term, id } of await termsOf(before, new Map(), options)) {
    names.set(id, (names.get(id) ?? new Set()).add(term));
  }
  assertOwnVocabulary(before['@vocab'], after['@vocab'], [...names.keys()]);
  for (const { term, id, reverse } of await termsOf(after, before.mappings, options)) {
    const others = names.get(id) ?? (id.startsWith('@') ? new Set() : undefined);
    if (reverse || others?.has(term) === false) throw secondSpelling(term);
  }
}

function assertOwnVocabulary(
  before: string | undefined,
  after: string | undefined,
  known: readonly string[],
): void {
  if (after === undefined || after === before) return;
  if (known.some((id) => id.startsWith(after))) throw secondSpelling('@vocab');
}

interface Term {
  readonly term: string;
  readonly id: string;
  readonly reverse: boolean;
}

/** Every term with its meaning, also those that hold only inside of others, without those of `known`. */
async function termsOf(
  active: ActiveContext,
  known: ActiveContext['mappings'],
  options: Options,
  depth = 0,
): Promise<readonly Term[]> {
  if (depth > limits.scopes) throw refused('too_complex', 'It is nested too deeply.');
  const terms: Term[] = [];
  for (const [term, mapping] of active.mappings) {
    if (isSame(mapping, known.get(term))) continue;
    const { '@id': id, '@context': scoped, reverse } = mapping;
    if (typeof id === 'string') terms.push({ term, id, reverse: reverse === true });
    if (!isFields(scoped) && !Array.isArray(scoped)) continue;
    const inside = await enter(term, scoped, active, options);
    terms.push(...(await termsOf(inside, active.mappings, options, depth + 1)));
  }
  return terms;
}

/** Where a word may take protected words back, what stands inside of it is read by itself. */
async function enter(
  term: string,
  scoped: object,
  active: ActiveContext,
  options: Options,
): Promise<ActiveContext> {
  const context = { '@context': scoped };
  try {
    return await jsonld.processContext(active, context, options).catch(async () => {
      const empty = await jsonld.processContext(null, null, options);
      return jsonld.processContext(empty, context, options);
    });
  } catch {
    throw refused('not_usable', `What it says inside of “${term}” cannot be used.`);
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function secondSpelling(term: string): ServiceError {
  return refused(
    'second_spelling',
    `Its “${term.slice(0, 100)}” would be another spelling of a word that credentials or Open Badges define.`,
  );
}

function refused(code: string, reason: string): ServiceError {
  return invalid(`context.${code}`, `This context cannot be added. ${reason}`);
}
