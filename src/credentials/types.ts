// Open Badges 3.0 (document 1.4.5, appendix B), as far as we write it. Arrays wherever the formal schema wants them.

export interface Profile {
  readonly id: string;
  readonly type: readonly ['Profile'];
  readonly name: string;
  readonly url?: string;
  readonly description?: string;
  readonly email?: string;
}

export interface Image {
  readonly id: string;
  readonly type: 'Image';
  readonly caption?: string;
}

export interface Alignment {
  readonly id: string;
  readonly type: readonly ['Alignment'];
  readonly targetType: 'CFItem';
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetCode?: string;
  readonly targetFramework?: string;
}

export interface RubricCriterionLevel {
  readonly id: string;
  readonly type: readonly ['RubricCriterionLevel'];
  readonly name: string;
  readonly description?: string;
  /** The position, from `1`. */
  readonly level: string;
  readonly points?: string;
}

interface ResultDescriptionBase {
  readonly id: string;
  readonly type: readonly ['ResultDescription'];
  readonly name: string;
  readonly description?: string;
}

export interface RubricResultDescription extends ResultDescriptionBase {
  readonly resultType: 'RubricCriterionLevel';
  readonly requiredLevel: string;
  readonly rubricCriterionLevel: readonly RubricCriterionLevel[];
}

/** Of a level: how much of it was earned, and whether its boss was beaten. */
export interface LevelResultDescription extends ResultDescriptionBase {
  readonly resultType: 'Percent' | 'Status';
}

export type ResultDescription = RubricResultDescription | LevelResultDescription;

export interface AchievementObject {
  readonly id: string;
  readonly type: readonly ['Achievement'];
  readonly achievementType: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly criteria: { readonly id: string; readonly narrative: string };
  readonly creator: Pick<Profile, 'id' | 'type' | 'name'>;
  readonly image: Image;
  readonly humanCode?: string;
  readonly inLanguage?: string;
  readonly tag?: readonly string[];
  readonly alignment?: readonly Alignment[];
  readonly resultDescription?: readonly ResultDescription[];
}

export interface IdentityObject {
  readonly type: 'IdentityObject';
  readonly hashed: boolean;
  readonly identityHash: string;
  readonly identityType: 'emailAddress' | 'name';
  readonly salt?: string;
}

export interface ResultObject {
  readonly id: string;
  readonly type: readonly ['Result'];
  readonly resultDescription: string;
  readonly achievedLevel?: string;
  readonly value?: string;
  readonly status: 'Completed';
}

export interface EvidenceObject {
  readonly id: string;
  readonly type: readonly ['Evidence'];
  readonly name?: string;
  readonly narrative?: string;
  readonly url?: string;
  readonly digestMultibase?: string;
}

export interface BitstringStatusListEntry {
  readonly id: string;
  readonly type: 'BitstringStatusListEntry';
  readonly statusPurpose: string;
  readonly statusListIndex: string;
  readonly statusListCredential: string;
  /** The entry for suspension: its list, and its index as the fragment (docs/adr/0013). */
  readonly statusReference?: string;
}

/** Before it is signed. */
export interface AchievementCredential {
  readonly '@context': readonly [string, string];
  readonly id: string;
  readonly type: readonly ['VerifiableCredential', 'OpenBadgeCredential'];
  readonly name: string;
  readonly description?: string;
  readonly issuer: Profile;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly awardedDate: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: readonly ['AchievementSubject'];
    readonly identifier?: readonly IdentityObject[];
    readonly narrative?: string;
    readonly achievement: AchievementObject;
    readonly result?: readonly ResultObject[];
  };
  readonly evidence?: readonly EvidenceObject[];
  readonly credentialStatus: BitstringStatusListEntry;
}
