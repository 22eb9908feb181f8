import type { BadgeStandard } from '../badge.ts';
import { WebLink } from './texts.tsx';

/** The standards that an achievement is aligned to, each with the way to it. */
export function Standards({
  standards,
  codes,
}: {
  readonly standards: readonly BadgeStandard[];
  /** Their codes together, where they do not stand with each. */
  readonly codes?: string | undefined;
}) {
  return (
    <>
      {codes !== undefined && <p class="note">{codes}</p>}
      <ul class="plain-list standards">
        {standards.map(({ name, address, framework }) => (
          <li>
            <WebLink href={address} text={name} />
            {framework !== undefined && <span class="note">{framework}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
