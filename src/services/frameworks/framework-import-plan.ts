import { scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { StandardsPackage } from '../../domain/standards/package.ts';
import { planImport, type ImportPlan } from '../../domain/standards/plan.ts';
import { resolveSheet } from '../../domain/standards/sheet-standards.ts';
import type { ImportWarning } from '../../domain/standards/warnings.ts';
import type {
  CaseUris,
  Framework,
  FrameworkMetadata,
  PublishedRubric,
  Standard,
  StandardContent,
} from '../../domain/standards.ts';
import { defined } from '../../shared/defined.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { namedId, newId } from '../../shared/ids.ts';
import type { FrameworkSourceStore } from '../../storage/framework-sources.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { StandardStore } from '../../storage/standards.ts';
import type { ReadDocument } from './framework-documents.ts';

export interface ImportOptions {
  /** Id of the framework to import into; a package finds its own by CASE identifier. */
  readonly framework?: string | undefined;
  /** Of a framework that comes as a sheet. */
  readonly title?: string | undefined;
  /** Nothing is stored; the report tells what would happen. */
  readonly dryRun?: boolean | undefined;
}

interface Target {
  /** The framework as it is; undefined when it is new. */
  readonly target: Framework | undefined;
  readonly metadata: FrameworkMetadata;
}

/** Everything that an import will write, decided before anything is written. */
export interface PreparedImport extends Target {
  readonly rubrics: readonly PublishedRubric[];
  readonly standards: readonly StandardContent[];
  readonly plan: ImportPlan;
  readonly warnings: readonly ImportWarning[];
  /** The framework's id, also when an earlier import of it broke off. */
  readonly id: string;
}

/** Decides what an import does. Reads only; `frameworkSources` tells of imports that broke off. */
export function createImportPlanner({
  frameworks,
  standards,
  frameworkSources,
  uris,
}: {
  frameworks: FrameworkStore;
  standards: StandardStore;
  frameworkSources: FrameworkSourceStore;
  uris: CaseUris;
}) {
  return async function prepare(
    actor: Actor,
    document: ReadDocument,
    options: ImportOptions,
  ): Promise<PreparedImport> {
    const scope = scopeOf(actor);
    const { target, metadata } = await (document.kind === 'package'
      ? findPackageTarget(scope, document.content, options)
      : findSheetTarget(scope, options));
    const id =
      target?.id ?? (await frameworkSources.findFramework(scope, metadata.identifier)) ?? newId();
    const existing = await standards.listAll(scope, id);
    const content = toContent(document, { target, metadata, existing });
    return { target, metadata, id, ...content, plan: planImport(existing, content.standards) };
  };

  async function findNamed(scope: Scope, id: string | undefined): Promise<Framework | undefined> {
    if (id === undefined) return undefined;
    const named = await frameworks.find(scope, id);
    if (named === undefined) throw notFound('framework');
    return named;
  }

  /** A package names its framework itself. */
  async function findPackageTarget(
    scope: Scope,
    { framework: metadata }: StandardsPackage,
    options: ImportOptions,
  ): Promise<Target> {
    const named = await findNamed(scope, options.framework);
    if (named !== undefined && named.identifier !== metadata.identifier) throw otherFramework();
    const target = named ?? (await frameworks.findByIdentifier(scope, metadata.identifier));
    return { target, metadata };
  }

  async function findSheetTarget(
    scope: Scope,
    { framework, title }: ImportOptions,
  ): Promise<Target> {
    const named = await findNamed(scope, framework);
    if (named !== undefined)
      return { target: named, metadata: { ...metadataOf(named), title: title ?? named.title } };
    if (title === undefined) throw noTitle();
    const identifier = frameworkIdentifier(scope.organization, title);
    const target = await frameworks.findByIdentifier(scope, identifier);
    const made = { identifier, uri: uris.document(identifier), title };
    return { target, metadata: target === undefined ? made : metadataOf(target) };
  }

  function toContent(
    document: ReadDocument,
    { target, metadata, existing }: Target & { existing: readonly Standard[] },
  ): Pick<PreparedImport, 'standards' | 'rubrics' | 'warnings'> {
    if (document.kind === 'package') {
      const { standards: parsed, rubrics, warnings } = document.content;
      return { standards: parsed, rubrics, warnings };
    }
    const { rows, warnings } = document.content;
    const context = { framework: metadata.identifier, existing, uris };
    // A sheet has no rubrics to tell: those of the framework stay.
    return { standards: resolveSheet(rows, context), rubrics: target?.rubrics ?? [], warnings };
  }
}

/** A framework that the school makes itself is known by its title, so that importing its sheet again finds it. */
export function frameworkIdentifier(organization: string, title: string): string {
  return namedId(`${organization} ${title}`);
}

function metadataOf(framework: Framework): FrameworkMetadata {
  const { identifier, uri, title, creator, publisher, description } = framework;
  const { version, language, licenseUri } = framework;
  return defined({
    ...{ identifier, uri, title, creator, publisher, description },
    ...{ version, language, licenseUri },
  });
}

function otherFramework() {
  return conflict(
    'framework.other_package',
    'This package is about another framework than the one you chose.',
  );
}

function noTitle() {
  return invalid(
    'framework.title_missing',
    'A sheet does not say which framework it is: give a title, or choose a framework.',
  );
}
