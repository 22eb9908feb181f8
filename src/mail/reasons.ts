/** The first that fits is said. What it is looked for in: nodemailer's code, Node's where there is one, three digits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/ALTNAME_INVALID/, 'its certificate is made for another name than the one in SMTP_URL'],
  [/CERT_HAS_EXPIRED/, 'its certificate has expired'],
  [/CERT_NOT_YET_VALID/, 'its certificate is not valid yet: compare the clocks of both machines'],
  [
    /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA/,
    'nobody whom this machine trusts vouches for its certificate; name an authority of your own in NODE_EXTRA_CA_CERTS',
  ],
  [/CERT|CRL/, 'its certificate is not in order'],
  [
    /ERR_SSL|ERR_TLS/,
    'TLS with it failed: smtps:// is for TLS from the start, smtp:// for STARTTLS',
  ],
  [/^ETLS/, 'it does not encrypt (STARTTLS), and nothing goes to another machine in the clear'],
  [/^EAUTH/, 'it does not accept the user and password of SMTP_URL'],
  [/^EDNS/, 'no machine with the name in SMTP_URL was found'],
  [/ECONNREFUSED/, 'nothing answers on that port'],
  [/^ETIMEDOUT/, 'it does not answer in time'],
  [/^EENVELOPE 5/, 'it does not accept the address of SMTP_FROM'],
  [/ \d{3}$/, 'it turns Cairn away'],
];

/** Why a mail server took nothing, for who runs Cairn. Never what it said itself: that repeats addresses. */
export function explainMailCode(code: string): string {
  const found = reasons.find(([pattern]) => pattern.test(code));
  return found?.[1] ?? 'the connection to it failed';
}
