import type { ComponentChildren } from 'preact';
import { assetUrl } from '../assets.ts';
import { Logo } from './logo.tsx';

export interface PageProps {
  readonly title: string;
  readonly description?: string;
  /** Whether search engines may list the page: only where nothing is about a person. */
  readonly indexed?: boolean;
  /** More elements for the head. */
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has around it. */
export function Page({ title, description, indexed = false, head, children }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Cairn`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {!indexed && <meta name="robots" content="noindex" />}
        {description !== undefined && <meta name="description" content={description} />}
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('cairn.css')} />
        {head}
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to the content
        </a>
        <Header />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer />
      </body>
    </html>
  );
}

function Header() {
  return (
    <header class="site-header">
      <div class="wrap">
        <a class="brand" href="/">
          <Logo />
          <span>Cairn</span>
        </a>
        <nav aria-label="Main">
          <a href="/verify">Verify a badge</a>
        </nav>
      </div>
    </header>
  );
}

function Footer() {
  return (
    <footer class="site-footer">
      <div class="wrap">
        <p>
          Cairn issues and checks{' '}
          <a href="https://www.imsglobal.org/spec/ob/v3p0/">Open Badges 3.0</a>: digital credentials
          that anybody can verify, without an account.
        </p>
        <nav aria-label="More">
          <a href="/">About this Cairn</a>
          <a href="/api/docs">API reference</a>
        </nav>
      </div>
    </footer>
  );
}
