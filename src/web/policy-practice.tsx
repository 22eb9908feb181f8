import { achievementKinds } from '../domain/achievements.ts';
import type { Organization } from '../domain/organizations.ts';
import { capitalize } from '../domain/vocabulary.ts';
import type { PublicPolicy } from '../services/school/public-schools.ts';
import { Section } from './components/section.tsx';
import type { Voice } from './wording.ts';

interface PartView {
  readonly policy: Organization['policy'];
  readonly voice: Voice;
}

const listOf = (items: readonly string[], { language }: Voice) =>
  new Intl.ListFormat(language).format(items);

/** Whether reviews are done a second time to compare them; nothing where none are. */
export function PolicyCalibration({ policy: { calibration }, voice }: PartView) {
  const { texts, say, language } = voice;
  const { share, kinds = achievementKinds } = calibration;
  if (share === 0) return null;
  const words = texts.policy.calibration;
  const format = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const isAll = achievementKinds.every((kind) => kinds.includes(kind));
  const named = kinds.map((kind) => say(kind, 'several'));
  return (
    <Section id="calibration" title={words.title}>
      <p>{words.text(say, format.format(share))}</p>
      {!isAll && <p>{words.kinds(listOf(named, voice))}</p>}
    </Section>
  );
}

/** Work across subjects, and learners who help each other; nothing where there is neither. */
export function PolicyTogether({
  school,
  hasCourses,
  hasMentors,
  voice,
}: PublicPolicy & Pick<PartView, 'voice'>) {
  const { texts, say } = voice;
  const { courses, mentoring } = texts.policy;
  const needsConsent = school.policy.guardianConsent.includes('mentoring');
  return (
    <>
      {hasCourses && (
        <Section id="courses" title={capitalize(say('course', 'several'))}>
          <p>{courses(say)}</p>
        </Section>
      )}
      {hasMentors && (
        <Section id="mentoring" title={mentoring.title}>
          <p>{mentoring.text(say)}</p>
          {needsConsent && <p>{mentoring.consent(say)}</p>}
        </Section>
      )}
    </>
  );
}

/** Who is written to each week; nothing where nobody is. */
export function PolicyDigest({ policy: { digest }, voice }: PartView) {
  const { texts, say } = voice;
  const readers = [
    ...(digest.learners ? [say('learner', 'several')] : []),
    ...(digest.guardians ? [say('guardian', 'several')] : []),
  ];
  if (readers.length === 0) return null;
  const words = texts.policy.digest;
  return (
    <Section id="digest" title={words.title}>
      <p>{words.text(listOf(readers, voice))}</p>
    </Section>
  );
}
