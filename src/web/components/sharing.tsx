import type { Urls } from '../../shared/urls.ts';
import type { Badge } from '../badge.ts';

/** What other sites show when somebody shares the link: the picture and the words of the badge, never the earner. */
export function Sharing({
  id,
  badge,
  urls,
}: {
  readonly id: string;
  readonly badge: Badge;
  readonly urls: Urls;
}) {
  const { name, description = '', issuer } = badge;
  const address = urls.credential(id);
  const picture = `${address}.png`;
  const properties = {
    'og:type': 'website',
    'og:site_name': issuer.name ?? 'Cairn',
    'og:title': name,
    'og:description': description,
    'og:url': address,
    'og:image': picture,
    'og:image:alt': `Badge: ${name}`,
  };
  return (
    <>
      <link rel="canonical" href={address} />
      <link rel="alternate" type="application/ld+json" href={`${address}.json`} />
      {Object.entries(properties).map(([property, content]) => (
        <meta property={property} content={content} />
      ))}
      <meta name="twitter:card" content="summary" />
      <meta name="twitter:title" content={name} />
      <meta name="twitter:description" content={description} />
      <meta name="twitter:image" content={picture} />
      <script
        type="application/ld+json"
        dangerouslySetInnerHTML={{ __html: toScriptText(describe(badge, address, picture)) }}
      />
    </>
  );
}

/** Schema.org's terms for what the page is about. */
function describe(badge: Badge, address: string, picture: string) {
  const { name, description, issuer, awardedOn, validUntil, standards } = badge;
  return {
    '@context': 'https://schema.org',
    '@type': 'EducationalOccupationalCredential',
    url: address,
    name,
    description,
    image: picture,
    credentialCategory: 'badge',
    dateCreated: awardedOn,
    expires: validUntil,
    recognizedBy: { '@type': 'EducationalOrganization', name: issuer.name, url: issuer.url },
    competencyRequired: standards.map((standard) => ({
      '@type': 'DefinedTerm',
      name: standard.name,
      url: standard.address,
      inDefinedTermSet: standard.framework,
    })),
  };
}

/** JSON that cannot end the script element that it stands in. */
function toScriptText(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
