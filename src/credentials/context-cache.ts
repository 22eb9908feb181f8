import { cryptosuite as stock, type Cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import type { DocumentLoader } from './documents.ts';

// jsonld processes the contexts of Open Badges anew for every node of every badge: it looks them up by the identity of
// the active context, and copies that, definitions and all, before it looks. Nine tenths of the time of a signature go
// there. The option `contextResolver` lets us hand it a memory of our own instead. Results are the same to the byte;
// test/conformance/context-cache.test.ts compares them.

/** jsonld's view of the terms that are in force at one place of a document, as far as it is used here. */
interface ActiveContext {
  mappings: Map<string, object>;
  protected: Record<string, boolean>;
  previousContext?: ActiveContext;
  inverse: object | null;
  getInverse: unknown;
  clone: (this: ActiveContext) => ActiveContext;
  revertToPreviousContext: (this: ActiveContext) => ActiveContext;
  '@base'?: string | null;
  '@language'?: string;
  '@vocab'?: string;
}

interface Processed {
  readonly context: ActiveContext;
  readonly events: readonly object[];
}

/** One `@context` object, and what became of it in front of each active context. */
interface ResolvedContext {
  readonly document: object | null;
  getProcessed(active: ActiveContext): Processed | undefined;
  setProcessed(active: ActiveContext, processed: Processed): void;
}

interface Request {
  readonly context: unknown;
  readonly documentLoader: DocumentLoader;
}

interface ContextResolver {
  resolve(request: Request): Promise<readonly ResolvedContext[]>;
}

/** A badge needs some hundred; strangers choose which contexts they combine, so there is an end to it. */
const maxProcessed = 4_000;
const maxDepth = 10;

/** From which context an unchanged copy was made. */
const origins = new WeakMap<ActiveContext, ActiveContext>();
const settled = new WeakMap<ActiveContext, ActiveContext>();

/** jsonld's own copy, except that definitions, which nobody changes, are shared and not copied. */
function copy(this: ActiveContext): ActiveContext {
  const child: ActiveContext = {
    mappings: new Map(this.mappings),
    clone: copy,
    inverse: null,
    getInverse: this.getInverse,
    protected: { ...this.protected },
    revertToPreviousContext: revert,
  };
  if (this.previousContext !== undefined) child.previousContext = settle(this.previousContext);
  if ('@base' in this) child['@base'] = this['@base'];
  if ('@language' in this) child['@language'] = this['@language'];
  if ('@vocab' in this) child['@vocab'] = this['@vocab'];
  origins.set(child, this);
  return child;
}

/** The same copy each time: for those that only read it. */
function settle(context: ActiveContext): ActiveContext {
  const known = settled.get(context);
  if (known !== undefined) return known;
  const made = copy.call(context);
  settled.set(context, made);
  settled.set(made, made);
  return made;
}

function revert(this: ActiveContext): ActiveContext {
  return this.previousContext === undefined ? this : settle(this.previousContext);
}

/** Keeps what jsonld made of frozen contexts, that is of the pinned ones; others are processed as ever. */
export function createContextResolver(most = maxProcessed): ContextResolver {
  const known = new WeakMap<object, ResolvedContext>();
  let generation = 0;
  let count = 0;

  return { resolve: (request) => resolveAll(request, 0) };

  async function resolveAll(
    { context, documentLoader }: Request,
    depth: number,
  ): Promise<readonly ResolvedContext[]> {
    if (depth > maxDepth) throw new Error('Contexts refer to each other without end.');
    const found: ResolvedContext[] = [];
    for (const part of Array.isArray(context) ? (context as unknown[]) : [context]) {
      if (typeof part === 'string') {
        const { document } = await documentLoader(part);
        const inner = '@context' in document ? document['@context'] : {};
        found.push(...(await resolveAll({ context: inner, documentLoader }, depth + 1)));
      } else found.push(resolveOne(part));
    }
    return found;
  }

  function resolveOne(context: unknown): ResolvedContext {
    if (typeof context !== 'object') throw new TypeError('A context is an object.');
    if (context === null || !Object.isFrozen(context)) return createResolved(context);
    const earlier = known.get(context);
    if (earlier !== undefined) return earlier;
    const made = createResolved(context);
    known.set(context, made);
    return made;
  }

  function createResolved(document: object | null): ResolvedContext {
    let own = generation;
    let results = createResults();
    const current = () => {
      if (own !== generation) [own, results] = [generation, createResults()];
      return results;
    };
    return {
      document,
      getProcessed: (active) => current().get(active),
      setProcessed: (active, processed) => {
        count += 1;
        if (count > most) [generation, count] = [generation + 1, 0];
        processed.context.clone = copy;
        processed.context.revertToPreviousContext = revert;
        current().set(active, processed);
      },
    };
  }
}

/** By identity; and copies that jsonld makes on entering a typed node, by what they are copies of. */
function createResults() {
  const exact = new WeakMap<ActiveContext, Processed>();
  const entered = new WeakMap<ActiveContext, Processed>();
  const place = (active: ActiveContext) => {
    const origin = origins.get(active);
    return origin !== undefined && origin === active.previousContext
      ? ([entered, origin] as const)
      : ([exact, active] as const);
  };
  return {
    get: (active: ActiveContext) => {
      const [results, key] = place(active);
      return results.get(key);
    },
    set: (active: ActiveContext, processed: Processed) => {
      const [results, key] = place(active);
      results.set(key, processed);
    },
  };
}

export const contextResolver = createContextResolver();

/** eddsa-rdfc-2022 with that memory. */
export const cryptosuite: Cryptosuite = {
  ...stock,
  canonize: (document, options) => stock.canonize(document, { ...options, contextResolver }),
};
