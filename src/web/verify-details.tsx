import type { VerificationResult } from './outcomes.ts';

const maxShown = 60_000;

/** For those who have to explain the result to a technician: its codes, its proof, and all of it as JSON. */
export function ResultDetails({
  result,
  proven,
}: {
  readonly result: VerificationResult;
  readonly proven: boolean;
}) {
  const { credential, ...found } = result;
  return (
    <details class="card details">
      <summary>Technical details</summary>
      <dl class="facts">
        {describeProofs(credential).map(([term, words]) => (
          <div>
            <dt>{term}</dt>
            <dd>
              <code class="long">{words}</code>
            </dd>
          </div>
        ))}
      </dl>
      <h2 id="result-heading">The result</h2>
      <pre id="result-json" tabIndex={0} role="region" aria-labelledby="result-heading">
        {JSON.stringify(found, null, 2)}
      </pre>
      {proven && credential !== undefined && (
        <>
          <h2 id="credential-heading">What was verified</h2>
          <pre tabIndex={0} role="region" aria-labelledby="credential-heading">
            {shorten(JSON.stringify(credential, null, 2))}
          </pre>
        </>
      )}
    </details>
  );
}

type Named = readonly [term: string, words: string];

function describeProofs(credential: VerificationResult['credential']): readonly Named[] {
  if (credential === undefined) return [];
  const { id, type, proof } = credential;
  const proofs = [proof].flat().map((each) => (each ?? {}) as Readonly<Record<string, unknown>>);
  const rows: readonly (readonly [string, unknown])[] = [
    ['Identifier', id],
    ['Type', [type].flat().join(', ')],
    ...proofs.flatMap(
      ({ type: kind, cryptosuite, verificationMethod, created }) =>
        [
          ['Signature', [kind, cryptosuite].filter((word) => typeof word === 'string').join(', ')],
          ['Key', verificationMethod],
          ['Signed', created],
        ] as const,
    ),
  ];
  return rows.flatMap(([term, words]) =>
    typeof words === 'string' && words !== '' ? [[term, words.slice(0, 1_000)] as const] : [],
  );
}

function shorten(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}\n…` : text;
}
