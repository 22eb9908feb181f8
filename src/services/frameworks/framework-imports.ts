import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import type { ImportPlan } from '../../domain/standards/plan.ts';
import type { ImportWarning } from '../../domain/standards/warnings.ts';
import type { CaseUris, Framework, Standard } from '../../domain/standards.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict } from '../../shared/errors.ts';
import { newId, sha256 } from '../../shared/ids.ts';
import type { SafeFetch } from '../../shared/safe-fetch.ts';
import type { Urls } from '../../shared/urls.ts';
import type { FrameworkSourceStore } from '../../storage/framework-sources.ts';
import type { FrameworkImport, FrameworkStore } from '../../storage/frameworks.ts';
import type { StandardStore } from '../../storage/standards.ts';
import type { AuditService } from '../audit.ts';
import { fetchDocument, readDocument, type StandardsDocument } from './framework-documents.ts';
import {
  createImportPlanner,
  type ImportOptions,
  type PreparedImport,
} from './framework-import-plan.ts';

export interface ImportReport {
  /** Without id when this was a dry run and there is no such framework yet. */
  readonly framework: { readonly id?: string; readonly title: string };
  /** Whether the framework is new. */
  readonly made: boolean;
  readonly created: number;
  readonly updated: number;
  readonly retired: number;
  readonly unchanged: number;
  readonly warnings: readonly ImportWarning[];
}

export type FrameworkImportService = ReturnType<typeof createFrameworkImportService>;

export function createFrameworkImportService({
  frameworks,
  standards,
  frameworkSources,
  audit,
  safeFetch,
  urls,
  now,
}: {
  frameworks: FrameworkStore;
  standards: StandardStore;
  frameworkSources: FrameworkSourceStore;
  audit: AuditService;
  safeFetch: SafeFetch;
  urls: Urls;
  now: Clock;
}) {
  const uris: CaseUris = { document: urls.caseDocument, item: urls.caseItem };
  const prepare = createImportPlanner({ frameworks, standards, frameworkSources, uris });

  return { importDocument };

  /** Makes the framework say what the document says; what it does not name any more is retired. */
  async function importDocument(
    actor: Actor,
    given: StandardsDocument,
    options: ImportOptions = {},
  ): Promise<ImportReport> {
    assertCan(actor, 'frameworks.manage');
    const document = await fetchDocument(given, safeFetch);
    const prepared = await prepare(actor, readDocument(document, uris), options);
    if (options.dryRun === true) return report(prepared, prepared.target?.id);
    const framework = await carryOut(actor, document, prepared);
    return report(prepared, framework.id);
  }

  /**
   * An import is many writes, and a crash may come between any two. So the document comes first: it remembers which
   * framework this import is for. Then come the standards, each whole in one write. The framework is last: until then
   * a new one is not to be seen, nor are its standards. Importing the same document again finds the same framework,
   * plans only what is missing and so completes it.
   */
  async function carryOut(
    actor: Actor,
    { contentType, text }: StandardsDocument,
    { target, metadata, rubrics, plan, id }: PreparedImport,
  ): Promise<Framework> {
    const scope = scopeOf(actor);
    const { organization } = actor;
    const imported: FrameworkImport = { metadata, rubrics, source: sha256(text), at: now() };
    const kept = await frameworkSources.keep(scope, {
      framework: id,
      identifier: metadata.identifier,
      sha256: imported.source,
      contentType,
      text,
      at: imported.at,
    });
    const framework = target?.id ?? kept;
    await standards.write(scope, standardsOf(plan, { organization, framework }));
    const written =
      target === undefined
        ? await addFramework({ id: framework, organization }, imported)
        : await finish(target, plan, imported);
    await recordImport(actor, written, plan);
    return written;
  }

  async function addFramework(
    owner: Pick<Framework, 'id' | 'organization'>,
    { metadata, rubrics, source, at }: FrameworkImport,
  ): Promise<Framework> {
    const history = { imports: 1, source, createdAt: at, updatedAt: at };
    const framework: Framework = { ...owner, ...metadata, levels: [], rubrics, ...history };
    await frameworks.add(framework);
    return framework;
  }

  /** The same document again, with nothing to do, is no new import. */
  async function finish(
    target: Framework,
    { created, updated, retired }: ImportPlan,
    imported: FrameworkImport,
  ): Promise<Framework> {
    const changes = created.length + updated.length + retired.length;
    const isSame = target.source === imported.source && target.title === imported.metadata.title;
    if (changes === 0 && isSame) return target;
    const written = await frameworks.finishImport(target, imported);
    if (written !== undefined) return written;
    throw conflict(
      'framework.changed_meanwhile',
      'Somebody else imported this framework at the same time. Import it again to be sure.',
    );
  }

  /** One event for each import that took effect, also when the process stopped just before it was recorded. */
  async function recordImport(
    actor: Actor,
    { id, imports, source = '' }: Framework,
    { created, updated, retired }: ImportPlan,
  ): Promise<void> {
    const counts = {
      created: created.length,
      updated: updated.length,
      retired: retired.length,
    };
    await audit.record(actor, {
      action: 'framework.imported',
      subject: `framework:${id}`,
      details: { ...counts, source },
      key: `framework.imported:${id}:${imports}`,
    });
  }
}

function standardsOf(
  plan: ImportPlan,
  owner: Pick<Standard, 'organization' | 'framework'>,
): { added: readonly Standard[]; replaced: readonly Standard[] } {
  return {
    added: plan.created.map((content) => ({ id: newId(), ...owner, ...content, state: 'current' })),
    replaced: [
      ...plan.updated.map(({ after }) => after),
      ...plan.retired.map((standard) => ({ ...standard, state: 'retired' as const })),
    ],
  };
}

function report(
  { target, metadata, plan, warnings }: PreparedImport,
  id: string | undefined,
): ImportReport {
  return {
    framework: { ...(id === undefined ? {} : { id }), title: metadata.title },
    made: target === undefined && id !== undefined,
    created: plan.created.length,
    updated: plan.updated.length,
    retired: plan.retired.length,
    unchanged: plan.unchanged.length,
    warnings,
  };
}
