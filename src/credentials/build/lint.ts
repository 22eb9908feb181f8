import type { Issue } from '../../shared/errors.ts';
import { contextUrls } from '../documents.ts';
import { lintReferences } from './lint-references.ts';
import { lintTree } from './lint-tree.ts';
import { isNode, issue, nodesAt, textAt, type Node } from './nodes.ts';

// Rules of OB 3.0, its certification guide and JSON-LD safe mode that no JSON schema checks.

const wholeSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function includesOneOf(value: unknown, names: readonly string[]): boolean {
  return Array.isArray(value) && names.some((name) => value.includes(name));
}

function lintContexts({ '@context': contexts }: Node): Issue[] {
  const [first, second] = Array.isArray(contexts) ? (contexts as unknown[]) : [];
  return first === contextUrls.credentialsV2 && second === contextUrls.openBadges
    ? []
    : [
        issue(
          '@context',
          'must name the VCDM 2.0 context first and the Open Badges 3.0.3 context second.',
        ),
      ];
}

function lintHead(credential: Node): Issue[] {
  const issues: Issue[] = [];
  if (!textAt(credential, 'id')) issues.push(issue('id', 'is missing.'));
  if (!textAt(credential, 'name')) issues.push(issue('name', 'is missing: wallets show it.'));
  if (
    !includesOneOf(credential.type, ['VerifiableCredential']) ||
    !includesOneOf(credential.type, ['AchievementCredential', 'OpenBadgeCredential'])
  ) {
    issues.push(issue('type', 'must name VerifiableCredential and AchievementCredential.'));
  }
  if (credential.proof !== undefined) issues.push(issue('proof', 'is there already.'));
  return issues;
}

function lintDates(credential: Node): Issue[] {
  const issues = ['validFrom', 'validUntil', 'awardedDate']
    .filter((name) => credential[name] !== undefined || name === 'validFrom')
    .filter((name) => !wholeSeconds.test(textAt(credential, name) ?? ''))
    .map((name) =>
      issue(name, 'must be a time in UTC with whole seconds, like 2026-11-22T09:00:00Z.'),
    );
  const [from, until] = [textAt(credential, 'validFrom'), textAt(credential, 'validUntil')];
  if (issues.length === 0 && from && until && until <= from) {
    issues.push(issue('validUntil', 'must be later than validFrom.'));
  }
  return issues;
}

function lintIssuer({ issuer }: Node): Issue[] {
  if (!isNode(issuer)) return [issue('issuer', 'must be an object of type Profile.')];
  return ['id', 'name']
    .filter((name) => !textAt(issuer, name))
    .map((name) => issue(`issuer.${name}`, 'is missing.'));
}

function lintAchievement(subject: Node): Issue[] {
  const { achievement } = subject;
  const path = 'credentialSubject.achievement';
  if (!isNode(achievement)) return [issue(path, 'is missing.')];
  const issues = ['id', 'name', 'description']
    .filter((name) => !textAt(achievement, name))
    .map((name) => issue(`${path}.${name}`, 'is missing.'));
  const { criteria } = achievement;
  if (!isNode(criteria) || !(textAt(criteria, 'id') ?? textAt(criteria, 'narrative'))) {
    issues.push(
      issue(`${path}.criteria`, 'must say what was to be shown: by address or in words.'),
    );
  }
  return issues;
}

function lintSubject({ credentialSubject: subject }: Node): Issue[] {
  if (!isNode(subject)) return [issue('credentialSubject', 'must be one object.')];
  const issues = lintAchievement(subject);
  if (!textAt(subject, 'id') && nodesAt(subject, 'identifier').length === 0) {
    issues.push(issue('credentialSubject', 'must have an id or an identifier.'));
  }
  if (subject.evidence !== undefined) {
    issues.push(
      issue('credentialSubject.evidence', 'belongs on the credential, not on its subject.'),
    );
  }
  return issues;
}

function lintStatus({ credentialStatus: status }: Node): Issue[] {
  if (status === undefined) return [];
  if (!isNode(status)) return [issue('credentialStatus', 'must be a single object.')];
  const issues: Issue[] = [];
  if (!/^(?:0|[1-9]\d*)$/.test(textAt(status, 'statusListIndex') ?? '')) {
    issues.push(
      issue('credentialStatus.statusListIndex', 'must be a whole number written as text.'),
    );
  }
  if (!textAt(status, 'statusPurpose')) {
    issues.push(issue('credentialStatus.statusPurpose', 'is missing.'));
  }
  const list = textAt(status, 'statusListCredential');
  if (!list) issues.push(issue('credentialStatus.statusListCredential', 'is missing.'));
  if (!textAt(status, 'id') || status.id === list) {
    issues.push(issue('credentialStatus.id', 'must be there, and not be the address of the list.'));
  }
  return issues;
}

/** What is wrong with an unsigned AchievementCredential; empty when nothing is. */
export function lintCredential(credential: unknown): Issue[] {
  if (!isNode(credential)) return [issue('', 'The credential must be an object.')];
  const rules = [lintContexts, lintHead, lintDates, lintIssuer, lintSubject, lintStatus];
  return [...rules, lintReferences, lintTree].flatMap((rule) => rule(credential));
}
