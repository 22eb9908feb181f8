import { parseContext } from '../../credentials/added-context.ts';
import type { DocumentLoader } from '../../credentials/documents.ts';
import type { VerifyDependencies } from '../../credentials/verify/types.ts';
import { maxContextBytes, type AddedContext } from '../../domain/contexts.ts';
import { assertCan, type Actor } from '../../domain/roles.ts';
import { toTimestamp, type Clock } from '../../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import { newId, sha256 } from '../../shared/ids.ts';
import type { ContextStore } from '../../storage/contexts.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { AuditService } from '../audit.ts';

export type ContextService = ReturnType<typeof createContextService>;

/** The vocabularies that the verifier knows beside the pinned ones: uploaded byte by byte, never fetched. */
export function createContextService({
  contexts,
  organizations,
  documents,
  audit,
  now,
}: {
  contexts: ContextStore;
  organizations: Pick<OrganizationStore, 'list'>;
  documents: DocumentLoader;
  audit: AuditService;
  now: Clock;
}) {
  return { add, remove, list, findContext };

  /** Safe to repeat with the same bytes. @throws ServiceError when they cannot be taken, or others are there already */
  async function add(
    actor: Actor,
    { url, content }: { url: string; content: string },
  ): Promise<AddedContext> {
    assertCan(actor, 'contexts.manage');
    if (!(await mayDecide(actor))) throw operatorOnly();
    const size = Buffer.byteLength(content);
    if (size > maxContextBytes) {
      throw invalid('context.too_large', 'A context may have at most 256 KB. This is more.');
    }
    if (await isPinned(url)) {
      throw conflict('context.pinned', 'This context comes with Cairn and cannot be replaced.');
    }
    await parseContext(content, documents);
    const { kind, id } = actor;
    const context: AddedContext = {
      id: newId(),
      url,
      content,
      sha256: sha256(content),
      size,
      addedBy: { kind, id },
      addedAt: now(),
    };
    if (!(await contexts.add(context))) return findSame(context);
    await record(actor, 'context.added', context);
    return context;
  }

  async function findSame({ url, sha256: hash }: AddedContext): Promise<AddedContext> {
    const known = await contexts.findByUrl(url);
    if (known?.sha256 === hash) return known;
    throw conflict(
      'context.exists',
      'There is another context at this address. Contexts do not change; remove that one first if it was wrong.',
    );
  }

  async function remove(actor: Actor, id: string): Promise<void> {
    assertCan(actor, 'contexts.manage');
    const context = (await mayDecide(actor)) ? await contexts.find(id) : undefined;
    if (context === undefined || !(await contexts.remove(id))) throw notFound('context');
    await record(actor, 'context.removed', context);
  }

  async function list(actor: Actor, page: PageRequest): Promise<Page<AddedContext>> {
    assertCan(actor, 'contexts.manage');
    return contexts.list(page);
  }

  /** For the verifier, which knows it by the address that credentials name. */
  async function findContext(
    url: string,
  ): ReturnType<NonNullable<VerifyDependencies['findContext']>> {
    const found = await contexts.findByUrl(url);
    return (
      found && {
        document: JSON.parse(found.content) as object,
        addedAt: toTimestamp(found.addedAt),
      }
    );
  }

  /** It holds for everybody whose badges are verified here, so no school decides it for another. */
  async function mayDecide({ kind, organization }: Actor): Promise<boolean> {
    if (kind === 'system') return true;
    const all = await organizations.list();
    return all.every(({ id }) => id === organization);
  }

  async function isPinned(url: string): Promise<boolean> {
    return documents(url).then(
      () => true,
      () => false,
    );
  }

  function record(actor: Actor, action: string, { url, sha256: hash }: AddedContext) {
    return audit.record(actor, {
      action,
      subject: `context:${hash}`,
      details: { url },
    });
  }
}

function operatorOnly() {
  return forbidden(
    'context.operator_only',
    'Several schools are verified for here: whoever runs this installation adds contexts, with `cairn contexts add`.',
  );
}
