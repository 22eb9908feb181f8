import { renderMarkdown } from '../markdown.ts';

/** Text from people, formatted with Markdown. */
export function Markdown({ text, top = 3 }: { readonly text: string; readonly top?: 2 | 3 | 4 }) {
  return <div class="prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(text, top) }} />;
}

const formatDate = (time: number, language = 'en-GB') =>
  new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(time);
const timeFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** `22 November 2026` in UTC: the same for every reader. What is no date is shown as it stands. */
export function Day({ at, language }: { readonly at: string; readonly language?: string }) {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <>{at}</>;
  return <time dateTime={new Date(time).toISOString()}>{formatDate(time, language)}</time>;
}

export function Moment({ at }: { readonly at: string }) {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <>{at}</>;
  return (
    <time dateTime={new Date(time).toISOString()}>
      {`${formatDate(time)}, ${timeFormat.format(time)} UTC`}
    </time>
  );
}

/** A link when the address leads somewhere on the web, else its words: `javascript:` and the like lead nowhere. */
export function WebLink({
  href,
  text,
}: {
  readonly href: string | undefined;
  readonly text: string;
}) {
  if (href === undefined || !isWebAddress(href)) return <>{text}</>;
  return (
    <a href={href} rel="nofollow noopener">
      {text}
    </a>
  );
}

export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address) && URL.canParse(address);
}
