import { scopeOf } from '../../domain/roles.ts';
import type { Framework, Standard } from '../../domain/standards.ts';
import { toTimestamp } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { notFound } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { StandardStore } from '../../storage/standards.ts';

export type PublicStandardService = ReturnType<typeof createPublicStandardService>;

/**
 * Standards that have their address here: those that a school wrote itself. Credentials point at it, so it has to
 * answer. Standards of other publishers are found where those publish them.
 */
export function createPublicStandardService({
  frameworks,
  standards,
  urls,
}: {
  frameworks: FrameworkStore;
  standards: StandardStore;
  urls: Urls;
}) {
  return { get, getItem, getDocument };

  async function get(identifier: string): Promise<{ standard: Standard; framework: Framework }> {
    const standard = await standards.findByUri(urls.caseItem(identifier));
    if (standard === undefined) throw notFound('standard');
    const framework = await frameworks.find(scopeOf(standard), standard.framework);
    if (framework === undefined) throw notFound('standard');
    return { standard, framework };
  }

  /** As a CASE 1.1 CFItem. */
  async function getItem(identifier: string) {
    const { standard, framework } = await get(identifier);
    const { title, uri, updatedAt } = framework;
    return defined({
      identifier: standard.identifier,
      uri: standard.uri,
      CFDocumentURI: { title, identifier: framework.identifier, uri },
      fullStatement: standard.statement,
      humanCodingScheme: standard.code,
      abbreviatedStatement: standard.abbreviatedStatement,
      CFItemType: standard.type,
      educationLevel: standard.educationLevel.length === 0 ? undefined : standard.educationLevel,
      lastChangeDateTime: toTimestamp(updatedAt),
    });
  }

  /** As a CASE 1.1 CFDocument, as far as its school described it. */
  async function getDocument(identifier: string) {
    const framework = await frameworks.findByUri(urls.caseDocument(identifier));
    if (framework === undefined) throw notFound('framework');
    const { title, uri, creator, publisher, description, version, language, updatedAt } = framework;
    return defined({
      ...{ identifier: framework.identifier, uri, title, creator: creator ?? title },
      ...{ publisher, description, version, language },
      lastChangeDateTime: toTimestamp(updatedAt),
    });
  }
}
