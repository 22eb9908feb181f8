/** What is shown of a learner’s progress, as far as tests look at it. */
export interface Shown {
  readonly asOf: string;
  readonly frameworks: readonly {
    readonly id: string;
    readonly decisions: readonly {
      readonly state: string;
      readonly nextSteps: readonly { readonly words: string }[];
    }[];
    readonly levels: readonly {
      readonly ordinal?: number;
      readonly achievements: readonly {
        readonly id: string;
        readonly state: string;
        readonly at?: string;
        readonly credential?: string;
        readonly submission?: string;
      }[];
    }[];
    readonly standards: readonly { readonly id: string; readonly estimate?: ShownEstimate }[];
  }[];
  readonly pace: { readonly perMonth: number; readonly chosen?: object; readonly words: string };
}

export interface ShownEstimate {
  readonly level?: string;
  readonly value?: number;
  readonly computed?: {
    readonly rule: object;
    readonly level: string;
    readonly why: string;
    readonly evidence: readonly { readonly source: string; readonly at: string }[];
  };
  readonly override?: { readonly id: string; readonly reason: string; readonly by: string };
}
