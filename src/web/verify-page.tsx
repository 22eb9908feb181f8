import type { ComponentChildren } from 'preact';
import type { Badge } from './badge.ts';
import { assetUrl } from './assets.ts';
import { Page } from './components/layout.tsx';
import { Day, Markdown, WebLink } from './components/texts.tsx';
import { Checks, OutcomeBanner } from './components/verification.tsx';
import { describeOutcome, type VerificationResult } from './outcomes.ts';
import { ResultDetails } from './verify-details.tsx';

/** What the form is filled in with. */
export interface VerifyFields {
  readonly url?: string;
  readonly text?: string;
}

const script = <script type="module" src={assetUrl('verify.js')} />;

export function VerifyPage({
  fields,
  error,
}: {
  readonly fields: VerifyFields;
  readonly error?: string;
}) {
  return (
    <Page
      title={error === undefined ? 'Verify a badge' : `Not yet: ${error}`}
      description="Check that an Open Badge is genuine, unchanged, in force and not withdrawn."
      head={script}
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
        <VerifyForm fields={fields} />
      </div>
    </Page>
  );
}

/** One of three ways is enough. Works with a keyboard and without any script; with it, drop and paste work, too. */
function VerifyForm({ fields }: { readonly fields: VerifyFields }) {
  return (
    <form
      class="card form"
      method="post"
      action="/verify"
      enctype="multipart/form-data"
      data-verify
    >
      <fieldset>
        <legend>Give one of these</legend>
        <FileField />
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
            value={fields.url ?? ''}
            maxLength={2000}
            aria-describedby="url-help"
          />
        </div>
        <div class="field">
          <label for="text">Its text</label>
          <p class="note" id="text-help">
            The JSON or the JWT, copied and pasted.
          </p>
          <textarea id="text" name="text" rows={5} spellcheck={false} aria-describedby="text-help">
            {fields.text ?? ''}
          </textarea>
        </div>
      </fieldset>
      <div class="actions">
        <button class="button" type="submit">
          Verify
        </button>
        <p class="note" role="status" />
      </div>
    </form>
  );
}

function FileField() {
  return (
    <div class="field drop">
      <label for="file">A file</label>
      <p class="note" id="file-help">
        As it was downloaded: a PNG or SVG picture, JSON or a JWT, up to 5 MB.
        <span data-hint hidden>
          {' '}
          Or drop it anywhere on this page, or paste it.
        </span>
      </p>
      <input
        id="file"
        name="file"
        type="file"
        accept=".png,.svg,.json,.jsonld,.jwt,.txt,image/png,image/svg+xml,application/json,text/plain"
        aria-describedby="file-help"
      />
    </div>
  );
}

export function VerifyResultPage({
  result,
  badge,
  base,
}: {
  readonly result: VerificationResult;
  readonly badge: Badge | undefined;
  /** Our own address: pictures come from nowhere else. */
  readonly base: string;
}) {
  return (
    <Page title={describeOutcome(result).title} head={script}>
      <div class="wrap narrow">
        <OutcomeBanner result={result} heading="h1" />
        {badge !== undefined && <Claims badge={badge} proven={isProven(result)} base={base} />}
        <section class="card" aria-labelledby="checks">
          <h2 id="checks">What we checked</h2>
          <Checks checks={result.checks} />
          <p class="note">
            A verifier can tell who signed a badge and that nothing was changed. Whether you know
            and trust the issuer is your own decision: an issuer that you have never heard of is not
            suspect for that.
          </p>
        </section>
        <ResultDetails result={result} proven={isProven(result)} />
        <div class="actions">
          <a class="button" href="/verify">
            Verify another badge
          </a>
          <button class="button button-quiet" type="button" data-action="print" hidden>
            Print
          </button>
          <button
            class="button button-quiet"
            type="button"
            data-action="copy"
            data-from="result-json"
            data-says="copied"
            hidden
          >
            Copy the result as JSON
          </button>
          <p class="note" id="copied" role="status" />
        </div>
      </div>
    </Page>
  );
}

function isProven({ checks }: VerificationResult): boolean {
  return checks.some(
    ({ id, outcome }) => id === 'proof' && (outcome === 'pass' || outcome === 'warn'),
  );
}

interface ClaimsProps {
  readonly badge: Badge;
  readonly proven: boolean;
  readonly base: string;
}

/** What the badge says of itself. Without a signature that holds, these are only somebody's words, without a picture. */
function Claims({ badge, proven, base }: ClaimsProps) {
  const picture = proven ? safePicture(badge.image, base) : undefined;
  return (
    <section class="card claims" aria-labelledby="claims">
      <h2 id="claims">{proven ? 'What the badge says' : 'What it says, without proof'}</h2>
      {!proven && <p>These words stand in what you sent. Nothing confirms them.</p>}
      {picture !== undefined && <img src={picture} alt="" width="120" height="120" />}
      <Facts badge={badge} proven={proven} />
    </section>
  );
}

function Facts({ badge, proven }: Omit<ClaimsProps, 'base'>) {
  const { name, description, earner, issuer, awardedOn, validUntil, language } = badge;
  return (
    <dl class="facts">
      <Fact term="Badge">
        <span lang={language}>{name}</span>
      </Fact>
      {proven && description !== undefined && (
        <div lang={language}>
          <dt>What it is for</dt>
          <dd>
            <Markdown text={description} />
          </dd>
        </div>
      )}
      {earner !== undefined && <Fact term="Earned by">{earner}</Fact>}
      <Fact term="Issuer">
        {issuer.name ?? 'Not named'}
        {issuer.id !== undefined && <code class="long">{issuer.id}</code>}
      </Fact>
      {awardedOn !== undefined && (
        <Fact term="Awarded">
          <Day at={awardedOn} />
        </Fact>
      )}
      {validUntil !== undefined && (
        <Fact term="In force until">
          <Day at={validUntil} />
        </Fact>
      )}
      {proven && badge.achievement !== undefined && (
        <Fact term="Definition">
          <WebLink href={badge.achievement} text={badge.achievement} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A picture that is inside the badge or on our own site: asking for any other would tell its server who looks. */
function safePicture(image: string | undefined, base: string): string | undefined {
  if (image === undefined || image.length > 400_000) return undefined;
  const isInside = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/i.test(image);
  const isOwn = URL.canParse(image) && new URL(image).origin === base;
  return isInside || isOwn ? image : undefined;
}
