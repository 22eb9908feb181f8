import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Award, StatusPlace, Support } from '../../domain/awards.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Result } from '../../domain/rubrics.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { toTimestamp } from '../../shared/clock.ts';
import { conflict } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import { buildIssuer } from '../did.ts';
import { contextUrls } from '../documents.ts';
import { digestMultibase } from '../multibase.ts';
import type {
  AchievementCredential,
  BitstringStatusListEntry,
  EvidenceObject,
  ResultObject,
} from '../types.ts';
import { buildAchievement } from './achievement.ts';
import { buildLevelResults } from './level-results.ts';
import { buildIdentifiers, type Recipient } from './recipient.ts';
import { tidy } from './tidy.ts';
import { urn } from './urn.ts';

export interface AchievementCredentialInput {
  readonly urls: Urls;
  readonly organization: Organization;
  readonly version: AchievementVersion;
  readonly award: Award;
  readonly recipient: Recipient;
}

function buildResult({ rubric }: AchievementVersion, result: Result): ResultObject {
  const criterion = rubric.find(({ id }) => id === result.criterion);
  const level = criterion?.levels.find(({ id }) => id === result.level);
  if (!criterion || !level) {
    throw conflict(
      'result.unknown_level',
      'A result of this award points to a criterion or level that the achievement does not have.',
    );
  }
  return {
    id: urn(result.id),
    type: ['Result'],
    resultDescription: urn(criterion.id),
    achievedLevel: urn(level.id),
    value: level.name,
    status: 'Completed',
  };
}

/** A file is found at our own guarded address; a link is its own address; words alone get a name. */
function evidenceId(urls: Urls, { id, file, url }: Evidence): string {
  if (file) return urls.evidence(id);
  return url ?? urn(id);
}

function buildEvidence(urls: Urls, all: readonly Evidence[]): EvidenceObject[] {
  const seen = new Set<string>();
  return all.map((evidence) => {
    const wanted = evidenceId(urls, evidence);
    // One address handed in twice would merge two pieces of evidence into one node.
    const id = seen.has(wanted) ? urn(evidence.id) : wanted;
    seen.add(id);
    const { name, narrative, url, file } = evidence;
    return {
      id,
      type: ['Evidence'],
      name,
      ...(narrative !== undefined && { narrative }),
      ...(url !== undefined && url !== id && { url }),
      ...(file && { digestMultibase: digestMultibase(file.sha256) }),
    };
  });
}

/** What a level rests on: other credentials, each by its address and the digest of it as it is hosted. */
function buildSupport(urls: Urls, { credential, name, sha256 }: Support): EvidenceObject {
  return {
    id: urls.credential(credential),
    type: ['Evidence'],
    name,
    digestMultibase: digestMultibase(sha256),
  };
}

/**
 * OB 3.0 allows one credentialStatus: it is the entry for revocation, and points to that for suspension
 * (docs/adr/0013). The id of an entry must not be the address of its list.
 */
function buildStatus(urls: Urls, status: Award['issuance']['status']): BitstringStatusListEntry {
  const entryId = ({ list, index }: StatusPlace) => `${urls.statusList(list)}#${index}`;
  return {
    id: entryId(status),
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(status.index),
    statusListCredential: urls.statusList(status.list),
    ...(status.suspension && { statusReference: entryId(status.suspension) }),
  };
}

/**
 * An OB 3.0 AchievementCredential (VCDM 2.0) before it is signed. Pure: the same input gives the same document.
 * Every node that may have an id has one, so that canonicalization never has to search.
 */
export function buildAchievementCredential(
  input: AchievementCredentialInput,
): AchievementCredential {
  const { urls, organization, version, award, recipient } = input;
  const { issuance } = award;
  return tidy<AchievementCredential>({
    '@context': [contextUrls.credentialsV2, contextUrls.openBadges],
    id: urls.credential(issuance.credential),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: version.name,
    description: version.description,
    issuer: buildIssuer(urls, organization),
    validFrom: toTimestamp(issuance.requestedAt),
    awardedDate: toTimestamp(award.awardedAt),
    credentialSubject: {
      id: urn(recipient.subject),
      type: ['AchievementSubject'],
      identifier: buildIdentifiers(recipient, organization.policy.nameInCredential),
      ...(award.narrative !== undefined && { narrative: award.narrative }),
      achievement: buildAchievement(urls, organization, version),
      result: [
        ...award.results.map((result) => buildResult(version, result)),
        ...(award.grounds && version.kind === 'level'
          ? buildLevelResults(version.achievement, issuance.credential, award.grounds)
          : []),
      ],
    },
    evidence: [
      ...buildEvidence(urls, award.evidence),
      ...(award.grounds?.supports.map((support) => buildSupport(urls, support)) ?? []),
    ],
    credentialStatus: buildStatus(urls, issuance.status),
  });
}
