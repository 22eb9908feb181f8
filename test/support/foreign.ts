import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential as verifyWithDigitalBazaar } from '@digitalbazaar/vc';
import { verifyCredential as verifyWithVerifierCore } from '@digitalcredentials/verifier-core';
import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { readSharedJson } from './shared-data.ts';

// What we issue, put before software that others wrote. `published` maps addresses (without scheme and host) to texts.

export const schemas = {
  served2026: 'spec/schemas/ob3-jsonld-2026/ob_v3p0_achievementcredential_schema.json',
  formal2024: 'spec/schemas/ob3-formal-2024/achievementcredential.json',
};

/** What the official JSON schema finds wrong. */
export function findSchemaProblems(schema: keyof typeof schemas, document: unknown): unknown {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(readSharedJson(schemas[schema]) as object);
  return validate(document) ? [] : validate.errors;
}

interface DidDocument {
  readonly id: string;
  readonly verificationMethod: readonly { readonly id: string }[];
}

/** Stock @digitalbazaar/vc, which is handed the DID document instead of looking for it. */
export async function checkWithDigitalBazaar(document: string, did: DidDocument) {
  const methods = did.verificationMethod.map((method) => [method.id, { ...method }] as const);
  return verifyWithDigitalBazaar({
    credential: JSON.parse(document) as object,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader: withDocuments(
      loadContexts(),
      new Map<string, object>([[did.id, did], ...methods]),
    ),
    checkStatus: () => Promise.resolve({ verified: true }),
  });
}

/** Stock verifier-core, for which `published` is all there is of the web. */
export async function checkWithVerifierCore(
  document: string,
  published: Readonly<Record<string, string>>,
) {
  const { fetch } = globalThis;
  const { warn } = console;
  globalThis.fetch = (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    const answer = pathname.endsWith('/ob_v3p0_achievementcredential_schema.json')
      ? JSON.stringify(readSharedJson(schemas.served2026))
      : published[pathname];
    const headers = { 'content-type': 'application/json' };
    return Promise.resolve(new Response(answer ?? '', { status: answer ? 200 : 404, headers }));
  };
  // Its ajv complains about the official schema.
  console.warn = () => undefined;
  try {
    const credential = JSON.parse(document) as Parameters<
      typeof verifyWithVerifierCore
    >[0]['credential'];
    return await verifyWithVerifierCore({ credential, knownDIDRegistries: [] });
  } finally {
    globalThis.fetch = fetch;
    console.warn = warn;
  }
}

/** The text of the iTXt chunk `openbadgecredential` (Open Badges 3.0 §5.3.1), read without our own code. */
export function readPngCredential(png: Buffer): string | undefined {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const data = png.subarray(at + 8, at + 8 + length);
    const keyword = 'openbadgecredential\0';
    if (png.toString('latin1', at + 4, at + 8) === 'iTXt' && data.indexOf(keyword) === 0) {
      // Compression flag and method, then empty language tag and translated keyword, each ended by a zero.
      return data.toString('utf8', keyword.length + 4);
    }
    at += 12 + length;
  }
  return undefined;
}

/** The CDATA of `<openbadges:credential>` (Open Badges 3.0 §5.3.2). */
export function readSvgCredential(svg: string): string | undefined {
  const [, text] =
    /<openbadges:credential[^>]*>\s*<!\[CDATA\[([^]*?)\]\]>\s*<\/openbadges:credential>/.exec(
      svg,
    ) ?? [];
  return text;
}
