/** Pages are for those who ask for them by name: `Accept` must say `text/html`; anything else gets the machine form. */
export function namesHtml(accept: string | undefined): boolean {
  return /(^|,)\s*text\/html\s*(;|,|$)/i.test(accept ?? '');
}
