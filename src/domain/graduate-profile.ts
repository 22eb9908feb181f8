/** What the school promises every graduate: one line of it, and the credits that serve it. */
export interface Competency {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Achievements of kind `credit`. */
  readonly credits: readonly string[];
}

export interface GraduateProfile {
  /** Of the organization: a school has one. */
  readonly id: string;
  readonly competencies: readonly Competency[];
  /** Markdown: how the school teaches, and what its credits mean. */
  readonly learningFramework: string;
  /** Whether everybody may read it. */
  readonly published: boolean;
  readonly updatedAt: Date;
}

/** Something that readers of the profile will stumble over. */
export interface ProfileWarning {
  readonly code: 'competency.without_credit' | 'credit.serves_none' | 'credit.retired';
  /** Id of the competency or of the credit. */
  readonly about: string;
  readonly message: string;
}

/** @param credits every credit that is awarded now */
export function findProfileWarnings(
  { competencies }: Pick<GraduateProfile, 'competencies'>,
  credits: readonly { readonly id: string; readonly name: string }[],
): readonly ProfileWarning[] {
  const known = new Set(credits.map(({ id }) => id));
  const served = new Set(competencies.flatMap((competency) => competency.credits));
  return [
    ...competencies.flatMap((competency): ProfileWarning[] =>
      competency.credits.some((id) => known.has(id))
        ? []
        : [
            {
              code: 'competency.without_credit',
              about: competency.id,
              message: `No credit serves “${competency.name}”.`,
            },
          ],
    ),
    ...[...served]
      .filter((id) => !known.has(id))
      .map((about): ProfileWarning => {
        const message = 'A credit of the profile is retired and awarded to nobody any more.';
        return { code: 'credit.retired', about, message };
      }),
    ...credits
      .filter(({ id }) => !served.has(id))
      .map(({ id, name }): ProfileWarning => {
        const message = `The credit “${name}” serves no competency of the profile.`;
        return { code: 'credit.serves_none', about: id, message };
      }),
  ];
}
