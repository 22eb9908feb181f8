import type { ApiKey } from '../../domain/people.ts';
import { assertCan, canGrant, scopeOf, type Actor, type Role } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { conflict, forbidden, invalid, notFound, ServiceError } from '../../shared/errors.ts';
import { newId, newSecret, sha256 } from '../../shared/ids.ts';
import type { ApiKeyStore } from '../../storage/api-keys.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';

export interface NewApiKey {
  readonly name: string;
  readonly roles?: readonly Role[] | undefined;
  readonly person?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

export type ApiKeyService = ReturnType<typeof createApiKeyService>;

export function createApiKeyService({
  apiKeys,
  people,
  audit,
  now,
}: {
  apiKeys: ApiKeyStore;
  people: PersonStore;
  audit: AuditService;
  now: Clock;
}) {
  return { authenticate, create, revoke, list };

  /**
   * Who this key speaks for.
   * @throws ServiceError `auth.invalid_key` or `auth.expired_key` (unauthenticated)
   */
  async function authenticate(secret: string): Promise<Actor> {
    const key = await apiKeys.findByHash(sha256(secret));
    if (key === undefined || key.revokedAt !== undefined) throw invalidKey();
    if (key.expiresAt !== undefined && key.expiresAt <= now()) {
      throw new ServiceError('unauthenticated', 'auth.expired_key', 'This API key has expired.');
    }
    const { organization } = key;
    if (key.person === undefined) {
      return { kind: 'api-key', id: key.id, organization, roles: key.roles };
    }
    const person = await people.find(scopeOf(key), key.person);
    if (person === undefined) throw invalidKey();
    return { kind: 'person', id: person.id, organization, roles: person.roles };
  }

  /** Makes a key. The secret is in the answer and nowhere else. */
  async function create(
    actor: Actor,
    input: NewApiKey,
    secret = `cairn_${newSecret()}`,
  ): Promise<ApiKey & { secret: string }> {
    assertCan(actor, 'api-keys.manage');
    const granted = await resolveRoles(people, actor, input);
    if (!canGrant(actor, granted)) throw tooMuch();
    const key: ApiKey = {
      id: newId(),
      organization: actor.organization,
      name: input.name,
      roles: input.person === undefined ? granted : [],
      ...(input.person === undefined ? {} : { person: input.person }),
      ...(input.expiresAt === undefined ? {} : { expiresAt: input.expiresAt }),
      createdAt: now(),
    };
    if (!(await apiKeys.add(key, sha256(secret)))) {
      throw conflict('api_key.exists', 'This API key exists already.');
    }
    await audit.record(actor, {
      action: 'api-key.created',
      subject: `api-key:${key.id}`,
      details: defined({ person: key.person, roles: key.roles.join(' ') || undefined }),
    });
    return { ...key, secret };
  }

  async function revoke(actor: Actor, id: string): Promise<void> {
    assertCan(actor, 'api-keys.manage');
    const scope = scopeOf(actor);
    const key = await apiKeys.find(scope, id);
    if (key === undefined) throw notFound('api_key');
    const person = key.person === undefined ? undefined : await people.find(scope, key.person);
    if (!canGrant(actor, person?.roles ?? key.roles)) throw tooMuch();
    await apiKeys.revoke(scope, id, now());
    await audit.record(actor, {
      action: 'api-key.revoked',
      subject: `api-key:${id}`,
      key: `api-key.revoked:${id}`,
    });
  }

  async function list(actor: Actor, page: PageRequest): Promise<Page<ApiKey>> {
    assertCan(actor, 'api-keys.manage');
    return apiKeys.list(scopeOf(actor), page);
  }
}

function tooMuch(): ServiceError {
  return forbidden(
    'api_key.too_much',
    'You can neither make nor take away a key with more rights than you have.',
  );
}

function invalidKey(): ServiceError {
  return new ServiceError('unauthenticated', 'auth.invalid_key', 'This API key is not valid.');
}

/** A key of its own has the roles that it is given; a person's key has that person's. */
async function resolveRoles(
  people: PersonStore,
  actor: Actor,
  input: NewApiKey,
): Promise<readonly Role[]> {
  if (input.person === undefined) {
    if (input.roles !== undefined && input.roles.length > 0) return input.roles;
    throw invalid('api_key.no_rights', 'Say which roles the key has, or whose key it is.');
  }
  if (input.roles !== undefined) {
    throw invalid(
      'api_key.roles_of_person',
      'A person’s key has that person’s roles: leave roles out.',
    );
  }
  const person = await people.find(scopeOf(actor), input.person);
  if (person === undefined) throw notFound('person');
  return person.roles;
}
