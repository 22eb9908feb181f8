/**
 * The vocabulary of the examples in the W3C specifications, which their test suites use: every word that nothing else
 * defines is an example. Written here, because no installed package carries it; badges may not use it
 * (verify/own-words.ts).
 */
export const examplesUrl = 'https://www.w3.org/ns/credentials/examples/v2';

export const contexts: ReadonlyMap<string, object> = new Map([
  [examplesUrl, { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } }],
]);
