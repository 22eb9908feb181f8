export type IconName = 'pass' | 'fail' | 'warn' | 'skip';

const paths: Readonly<Record<IconName, string>> = {
  pass: 'm5.5 10.4 3 3 6-6.6',
  fail: 'm6.5 6.5 7 7m0-7-7 7',
  warn: 'M10 5.2v5.6m0 3.5v.1',
  skip: 'M6 10h8',
};

/** A sign in a disc. It says nothing to a screen reader: the words beside it do. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="10" r="10" />
      <path d={paths[name]} />
    </svg>
  );
}
