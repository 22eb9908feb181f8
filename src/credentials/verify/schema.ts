import type { Issue } from '../../shared/errors.ts';
import {
  checkAchievementCredential,
  checkClrCredential,
  checkEndorsementCredential,
} from '../schema.ts';
import { findLooseAssociations } from './associations.ts';
import { kindsOf } from './kind.ts';
import { pass, Problem, skip, warn } from './problem.ts';
import type { Finding, Json } from './types.ts';

/** Open Badges 3.0 and CLR 2.0: the data model of the credential's type. */
export function checkSchema(credential: Json): Finding {
  const [kind, ...more] = kindsOf(credential);
  if (more.length > 0) {
    const detail = `It claims to be more than one thing at once: ${[kind, ...more].join(', ')}.`;
    throw new Problem('schema', 'invalid', 'TYPE_MIXED', detail);
  }
  if (kind === 'badge') {
    return report('an Open Badge (version 3.0)', checkAchievementCredential(credential));
  }
  if (kind === 'endorsement') {
    return report('an endorsement (Open Badges 3.0)', checkEndorsementCredential(credential));
  }
  if (kind === 'transcript') return checkTranscript(credential);
  return skip(
    'schema',
    'It is not an Open Badge or transcript; only the rules for all credentials were applied.',
  );
}

function checkTranscript(credential: Json): Finding {
  const finding = report('a transcript (CLR 2.0)', checkClrCredential(credential));
  const loose = findLooseAssociations(credential);
  if (loose.length === 0) return finding;
  const detail =
    `${finding.detail} It connects achievements that it does not hold, so those connections ` +
    `cannot be followed: ${loose.slice(0, 3).join(', ').slice(0, 500)}.`;
  return warn('schema', 'ASSOCIATION_DANGLING', 'It names achievements that are not in it', detail);
}

function report(what: string, issues: readonly Issue[]): Finding {
  if (issues.length === 0) return pass('schema', `It has everything that ${what} needs.`);
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => `${path || 'credential'}: ${message}`);
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '';
  const detail = `As ${what} it is incomplete or wrong: ${shown.join('; ')}${more}.`;
  throw new Problem('schema', 'invalid', 'SCHEMA_INVALID', detail);
}
