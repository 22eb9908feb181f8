import type { BadgeStandard } from '../badge.ts';
import { WebLink } from './texts.tsx';

/** The standards that an achievement is aligned to, each with the way to it. */
export function Standards({ standards }: { readonly standards: readonly BadgeStandard[] }) {
  return (
    <ul class="plain-list standards">
      {standards.map(({ name, address, framework }) => (
        <li>
          <WebLink href={address} text={name} />
          {framework !== undefined && <span class="note">{framework}</span>}
        </li>
      ))}
    </ul>
  );
}
