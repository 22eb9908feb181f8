import { findLastWord, type Consent, type ConsentScope } from '../../domain/consents.ts';
import type { Person } from '../../domain/people.ts';
import { maySeePerson, scopeOf, systemActor, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';
import type { ConsentStore } from '../../storage/consents.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';

/** Closes what rested on one kind of consent. Safe to repeat. */
export type Closer = (scope: Scope, learner: string) => Promise<void>;

interface Dependencies {
  readonly consents: ConsentStore;
  readonly people: Pick<PersonStore, 'find'>;
  /** Whatever rests on a consent joins here. */
  readonly closers: Readonly<Record<ConsentScope, readonly Closer[]>>;
  readonly audit: AuditService;
  readonly log: Log;
  readonly now: Clock;
}

export type ConsentService = ReturnType<typeof createConsentService>;

const atOnce = 50;

export function createConsentService({ consents, people, closers, audit, log, now }: Dependencies) {
  return { give, withdraw, list, settleDue };

  async function give(
    actor: Actor,
    learner: string,
    said: { scope: ConsentScope; textVersion: string; text?: string | undefined },
  ): Promise<Consent> {
    await assertMaySpeak(actor, learner);
    const { scope, textVersion, text } = said;
    return add(
      actor,
      { learner, scope, textVersion, ...(text === undefined ? {} : { text }) },
      'given',
    );
  }

  /** When it returns, what rested on the consent is closed. */
  async function withdraw(actor: Actor, learner: string, scope: ConsentScope): Promise<Consent> {
    await assertMaySpeak(actor, learner);
    const said = await consents.listFor(scopeOf(actor), [learner], scope);
    const last = findLastWord(said);
    if (last?.act !== 'given') {
      throw conflict('consent.not_given', 'There is no consent to this that could be taken back.');
    }
    const { textVersion } = last;
    const consent = await add(actor, { learner, scope, textVersion }, 'withdrawn');
    await close(consent);
    return consent;
  }

  async function add(
    actor: Actor,
    said: Pick<Consent, 'learner' | 'scope' | 'textVersion' | 'text'>,
    act: Consent['act'],
  ): Promise<Consent> {
    const { organization, id: by } = actor;
    const consent: Consent = { id: newId(), organization, ...said, act, by, at: now() };
    await consents.add(consent);
    const { learner, scope, textVersion } = said;
    const details = { learner, scope, textVersion };
    const subject = `consent:${consent.id}`;
    if (act === 'given') await audit.record(actor, { action: 'consent.given', subject, details });
    else await audit.record(actor, { action: 'consent.withdrawn', subject, details });
    return consent;
  }

  async function close(consent: Consent): Promise<void> {
    const scope = scopeOf(systemActor(consent.organization));
    for (const closer of closers[consent.scope]) await closer(scope, consent.learner);
    await consents.finish(scope, consent.id);
  }

  /** Finishes what a crash interrupted. */
  async function settleDue(): Promise<void> {
    for (const consent of await consents.listDue(atOnce)) {
      await close(consent).catch((error: unknown) => {
        log.warn({ consent: consent.id, error }, 'what rested on a consent is still open');
      });
    }
  }

  async function list(actor: Actor, learner: string, page: PageRequest): Promise<Page<Consent>> {
    await getVisible(actor, learner);
    return consents.list(scopeOf(actor), learner, page);
  }

  /** A guardian of the learner; of an adult nobody but the learner. */
  async function assertMaySpeak(actor: Actor, learner: string): Promise<void> {
    const { person, self } = await getVisible(actor, learner);
    const isGuardian =
      actor.roles.includes('guardian') && self?.guardianOf.includes(learner) === true;
    if (person.adult ? actor.id === learner : isGuardian) return;
    throw forbidden(
      'consent.not_yours',
      person.adult
        ? 'An adult learner decides on this, and nobody else.'
        : 'Only a guardian of this learner can decide on this.',
    );
  }

  async function getVisible(
    actor: Actor,
    learner: string,
  ): Promise<{ person: Person; self: Person | undefined }> {
    const scope = scopeOf(actor);
    const [person, self] = await Promise.all([
      people.find(scope, learner),
      people.find(scope, actor.id),
    ]);
    const isVisible = maySeePerson(actor, learner, self?.guardianOf);
    if (person?.roles.includes('learner') !== true || !isVisible) throw notFound('learner');
    return { person, self };
  }
}
