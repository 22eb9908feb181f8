import { Page } from './components/layout.tsx';

export function SetupPage({
  token,
  name = '',
  error,
}: {
  readonly token: string;
  readonly name?: string;
  readonly error?: string;
}) {
  return (
    <Page title="Set up your school">
      <div class="wrap narrow">
        <h1>Set up your school</h1>
        <p class="lead">
          This makes your school the issuer of its badges, with signing keys of its own, and gives
          you the key to manage it.
        </p>
        <form class="card form" method="post" action={`/setup/${token}`}>
          <div class="field">
            <label for="name">Name of the school</label>
            <p class="note" id="name-help">
              As it should stand on every badge. You can change it later; badges that were issued
              keep the name that they were signed with.
            </p>
            {error !== undefined && (
              <p class="field-error" id="name-error" role="alert">
                {error}
              </p>
            )}
            <input
              id="name"
              name="name"
              type="text"
              required
              maxLength={200}
              value={name}
              autocomplete="organization"
              aria-describedby={error === undefined ? 'name-help' : 'name-help name-error'}
              aria-invalid={error !== undefined}
            />
          </div>
          <button class="button" type="submit">
            Create the school
          </button>
        </form>
      </div>
    </Page>
  );
}

export function SetupDonePage({
  organization,
  secret,
  base,
}: {
  readonly organization: { readonly id: string; readonly name: string };
  readonly secret: string;
  readonly base: string;
}) {
  return (
    <Page title="Your school is ready">
      <div class="wrap narrow">
        <h1>{`${organization.name} is ready`}</h1>
        <section class="card" aria-labelledby="key">
          <h2 id="key">Your owner key</h2>
          <p>
            <strong>Keep it now: it is shown only this once.</strong> Whoever has this key can do
            everything in your school, so treat it like a password.
          </p>
          <p>
            <code class="secret">{secret}</code>
          </p>
        </section>
        <section class="card" aria-labelledby="next">
          <h2 id="next">What to do next</h2>
          <p>Ask for your school with the key, to see that it works:</p>
          <pre tabIndex={0}>
            <code>{`export CAIRN_KEY='${secret}'
curl -H "Authorization: Bearer $CAIRN_KEY" \\
  ${base}/api/v1/organization`}</code>
          </pre>
          <p>Then add the people and publish the first achievement:</p>
          <ul>
            <li>
              <a href="/api/docs">The API reference</a> has every call with examples.
            </li>
            <li>
              <a href={`/issuers/${organization.id}`}>The page of your school</a> is what others
              see.
            </li>
          </ul>
        </section>
      </div>
    </Page>
  );
}
