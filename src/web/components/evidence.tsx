import type { BadgeEvidence } from '../badge.ts';
import { isWebAddress, Markdown, WebLink } from './texts.tsx';

/** What was handed in. Files that the school keeps are not open to strangers, so they are named and not linked. */
export function EvidenceList({
  evidence,
  guarded,
}: {
  readonly evidence: readonly BadgeEvidence[];
  /** How the addresses of files start that the school keeps. */
  readonly guarded: string;
}) {
  return (
    <ul class="plain-list evidence">
      {evidence.map((item) => (
        <Item item={item} kept={item.address?.startsWith(guarded) ?? false} />
      ))}
    </ul>
  );
}

function Item({
  item: { name, narrative, address },
  kept,
}: {
  readonly item: BadgeEvidence;
  readonly kept: boolean;
}) {
  return (
    <li>
      <p class="evidence-name">
        <WebLink href={kept ? undefined : address} text={name ?? address ?? 'Evidence'} />
      </p>
      {narrative !== undefined && <Markdown text={narrative} top={4} />}
      {kept && (
        <p class="note">A file that the school keeps. Ask the earner or the school to see it.</p>
      )}
      {!kept && address !== undefined && isWebAddress(address) && (
        <p class="note">{new URL(address).host}</p>
      )}
    </li>
  );
}
