import type { Badge } from './badge.ts';
import { Page } from './components/layout.tsx';
import { Day, WebLink } from './components/texts.tsx';
import { Checks, OutcomeBanner } from './components/verification.tsx';
import { describeOutcome, type VerificationResult } from './outcomes.ts';

export function VerifyPage({ url, error }: { readonly url: string; readonly error?: string }) {
  return (
    <Page
      title={error === undefined ? 'Verify a badge' : `Not yet: ${error}`}
      description="Check that an Open Badge is genuine, unchanged, in force and not withdrawn."
      indexed
    >
      <div class="wrap narrow">
        <h1>Verify a badge</h1>
        <p class="lead">
          Find out whether a badge is genuine, unchanged, in force and not withdrawn, whoever issued
          it. No account is needed, and nothing that you send is kept.
        </p>
        {error !== undefined && (
          <div class="notice notice-bad" role="alert">
            <p>{error}</p>
          </div>
        )}
        <VerifyForm url={url} />
      </div>
    </Page>
  );
}

/** One of three ways is enough. Works with a keyboard and without any script. */
function VerifyForm({ url }: { readonly url: string }) {
  return (
    <form class="card form" method="post" action="/verify" enctype="multipart/form-data">
      <fieldset>
        <legend>Give one of these</legend>
        <div class="field">
          <label for="file">A file</label>
          <p class="note" id="file-help">
            As it was downloaded: a PNG or SVG picture, JSON or a JWT, up to 5 MB.
          </p>
          <input
            id="file"
            name="file"
            type="file"
            accept=".png,.svg,.json,.jsonld,.jwt,.txt,image/png,image/svg+xml,application/json,text/plain"
            aria-describedby="file-help"
          />
        </div>
        <div class="field">
          <label for="url">A link</label>
          <p class="note" id="url-help">
            The web address of the badge.
          </p>
          <input
            id="url"
            name="url"
            type="url"
            inputMode="url"
            autocomplete="off"
            placeholder="https://"
            value={url}
            maxLength={2000}
            aria-describedby="url-help"
          />
        </div>
        <div class="field">
          <label for="text">Its text</label>
          <p class="note" id="text-help">
            The JSON or the JWT, copied and pasted.
          </p>
          <textarea
            id="text"
            name="text"
            rows={5}
            spellcheck={false}
            aria-describedby="text-help"
          />
        </div>
      </fieldset>
      <button class="button" type="submit">
        Verify
      </button>
    </form>
  );
}

export function VerifyResultPage({
  result,
  badge,
}: {
  readonly result: VerificationResult;
  readonly badge: Badge | undefined;
}) {
  return (
    <Page title={describeOutcome(result).title}>
      <div class="wrap narrow">
        <OutcomeBanner result={result} heading="h1" />
        {badge !== undefined && <Claims badge={badge} proven={isProven(result)} />}
        <section class="card" aria-labelledby="checks">
          <h2 id="checks">What we checked</h2>
          <Checks checks={result.checks} />
          <p class="note">
            A verifier can tell who signed a badge and that nothing was changed. Whether you know
            and trust the issuer is your own decision: an issuer that you have never heard of is not
            suspect for that.
          </p>
        </section>
        <p>
          <a class="button" href="/verify">
            Verify another badge
          </a>
        </p>
      </div>
    </Page>
  );
}

function isProven({ checks }: VerificationResult): boolean {
  return checks.some(
    ({ id, outcome }) => id === 'proof' && (outcome === 'pass' || outcome === 'warn'),
  );
}

/** What the badge says of itself. Without a signature that holds, these are only somebody's words. */
function Claims({ badge, proven }: { readonly badge: Badge; readonly proven: boolean }) {
  const { name, earner, issuer, awardedOn, language } = badge;
  return (
    <section class="card" aria-labelledby="claims">
      <h2 id="claims">{proven ? 'What the badge says' : 'What it says, without proof'}</h2>
      {!proven && <p>These words stand in what you sent. Nothing confirms them.</p>}
      <dl class="facts">
        <div>
          <dt>Badge</dt>
          <dd lang={language}>{name}</dd>
        </div>
        {earner !== undefined && (
          <div>
            <dt>Earned by</dt>
            <dd>{earner}</dd>
          </div>
        )}
        <div>
          <dt>Issuer</dt>
          <dd>
            {issuer.name ?? 'Not named'}
            {issuer.id !== undefined && <code class="long">{issuer.id}</code>}
          </dd>
        </div>
        {awardedOn !== undefined && (
          <div>
            <dt>Awarded</dt>
            <dd>
              <Day at={awardedOn} />
            </dd>
          </div>
        )}
        {proven && badge.achievement !== undefined && (
          <div>
            <dt>Definition</dt>
            <dd>
              <WebLink href={badge.achievement} text={badge.achievement} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
