import type { ComponentChildren } from 'preact';
import { assetUrl } from '../assets.ts';
import { plainEnglish, type Voice } from '../wording.ts';
import { Logo } from './logo.tsx';

export interface PageProps {
  readonly title: string;
  readonly description?: string;
  /** English, unless the page speaks the reader's language. */
  readonly voice?: Voice;
  /** Whether search engines may list the page: only where nothing is about a person. */
  readonly indexed?: boolean;
  /** More elements for the head. */
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has around it. */
export function Page(props: PageProps) {
  const { title, description, indexed = false, head, children, voice = plainEnglish } = props;
  const { layout } = voice.texts;
  return (
    <html lang={voice.language}>
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
          {layout.skip}
        </a>
        <Header layout={layout} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer layout={layout} />
      </body>
    </html>
  );
}

type LayoutTexts = Voice['texts']['layout'];

function Header({ layout }: { readonly layout: LayoutTexts }) {
  return (
    <header class="site-header">
      <div class="wrap">
        <a class="brand" href="/">
          <Logo />
          <span>Cairn</span>
        </a>
        <nav aria-label={layout.main}>
          <a href="/verify">{layout.verify}</a>
        </nav>
      </div>
    </header>
  );
}

function Footer({ layout }: { readonly layout: LayoutTexts }) {
  const { before, after } = layout.footer;
  return (
    <footer class="site-footer">
      <div class="wrap">
        <p>
          {before}
          <a href="https://www.imsglobal.org/spec/ob/v3p0/">Open Badges 3.0</a>
          {after}
        </p>
        <nav aria-label={layout.more}>
          <a href="/">{layout.about}</a>
          <a href="/api/docs">{layout.reference}</a>
        </nav>
      </div>
    </footer>
  );
}
