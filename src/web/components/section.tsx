import type { ComponentChildren } from 'preact';

export function Section({
  id,
  title,
  children,
  language,
}: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
  /** The language of the content when the school writes in another one than this page. */
  readonly language?: string | undefined;
}) {
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {language === undefined ? children : <div lang={language}>{children}</div>}
    </section>
  );
}
