import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { bakePng, isPng, unbakePng } from '../../../src/credentials/bake/png.ts';
import { bakeSvg, isSvg, unbakeSvg } from '../../../src/credentials/bake/svg.ts';
import { describeWithSharedData, sharedData } from '../../support/shared-data.ts';

const jws = 'eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl-_0';
const svg =
  '<?xml version="1.0"?>\n<!-- a <svg> in a comment -->\n' +
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox='0 0 8 8' data-note="a > b"><path d="M0 0"/></svg>`;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const header = chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]));
const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0, 255])));
const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function png(...extra: Buffer[]): Buffer {
  return Buffer.concat([magic, header, ...extra, pixels, chunk('IEND', Buffer.alloc(0))]);
}

/** Matches the error that says the picture is damaged. */
const broken = expect.objectContaining({ code: 'image.broken' }) as Error;

const anyCredential = fc.oneof(
  fc.constant(jws),
  fc.object().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
  fc
    .constantFrom(']]>', '<![CDATA[', '</openbadges:credential>', '\u0000', '&amp;')
    .map((text) => JSON.stringify({ [text]: `${text}${text}` })),
);

function meaning(credential: string | undefined): unknown {
  return credential?.startsWith('{') ? JSON.parse(credential) : credential;
}

describe('a credential in a PNG picture', () => {
  it('comes out as it went in, and the picture is still read by others', () => {
    fc.assert(
      fc.property(anyCredential, (credential) => {
        const baked = bakePng(png(), credential);
        expect(isPng(baked)).toBe(true);
        expect(unbakePng(baked)).toBe(credential);
      }),
    );
  });

  it('stands there once, not compressed, in the chunk that the specification names', () => {
    const baked = Buffer.from(bakePng(bakePng(png(), '{"old":true}'), jws));
    expect(unbakePng(baked)).toBe(jws);
    expect(baked.includes('{"old":true}')).toBe(false);
    const text = Buffer.concat([Buffer.from('openbadgecredential\0\0\0\0\0'), Buffer.from(jws)]);
    expect(baked).toEqual(png(chunk('iTXt', text)));
  });

  it('takes nothing else away', () => {
    const other = chunk('iTXt', Buffer.from('Title\0\0\0\0\0A badge'));
    const baked = Buffer.from(bakePng(png(other), jws));
    expect(baked.includes(other)).toBe(true);
    expect(unbakePng(png(other))).toBeUndefined();
  });

  it('is refused when one bit of it changed', () => {
    const baked = Buffer.from(bakePng(png(), jws));
    const at = baked.indexOf(jws) + 3;
    baked.writeUInt8(baked.readUInt8(at) ^ 1, at);
    expect(() => unbakePng(baked)).toThrow(/damaged/);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['the signature alone', magic],
    ['a picture cut off', png().subarray(0, -5)],
    [
      'a chunk longer than the file',
      Buffer.concat([magic, Buffer.from([255, 255, 255, 255]), header]),
    ],
    ['another first chunk', Buffer.concat([magic, pixels])],
  ])('is told plainly when the picture is %s', (_name, bytes) => {
    expect(() => unbakePng(bytes)).toThrow(broken);
  });

  it('survives any bytes in between', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(80), (noise, at) => {
        const whole = Buffer.from(bakePng(png(), jws));
        const bytes = Buffer.concat([whole.subarray(0, at), noise, whole.subarray(at)]);
        try {
          expect([jws, undefined]).toContain(unbakePng(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: 'image.broken' });
        }
      }),
    );
  });
});

describe('a credential in an SVG picture', () => {
  it('comes out with the meaning that went in', () => {
    fc.assert(
      fc.property(anyCredential, (credential) => {
        expect(meaning(unbakeSvg(bakeSvg(svg, credential)))).toEqual(meaning(credential));
      }),
    );
  });

  it('stands where the specification wants it', () => {
    expect(bakeSvg('<svg a="1"><g/></svg>', jws)).toBe(
      '<svg a="1" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">' +
        `<openbadges:credential verify="${jws}"/><g/></svg>`,
    );
    expect(bakeSvg('<svg/>', '{"a":"]]>"}')).toBe(
      '<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">' +
        '<openbadges:credential><![CDATA[{"a":"]]\\u003e"}]]></openbadges:credential></svg>',
    );
  });

  it('replaces an earlier one', () => {
    const twice = bakeSvg(bakeSvg(svg, '{"old":true}'), jws);
    expect(twice).toBe(bakeSvg(svg, jws));
  });

  it('is found under any prefix, and not in comments', () => {
    const foreign =
      '<svg><!-- <ob:credential verify="no"/> --><g xmlns:ob="https://purl.imsglobal.org/ob/v3p0">' +
      '<ob:credential>{&quot;a&quot;:&#x31;}</ob:credential></g></svg>';
    expect(unbakeSvg(foreign)).toBe('{"a":1}');
    expect(unbakeSvg('<svg><openbadges:credential verify="x"/></svg>')).toBeUndefined();
  });

  it('is refused in a picture with definitions of its own', () => {
    const bomb = `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>`;
    expect(() => unbakeSvg(bomb)).toThrow(broken);
  });

  it.each(['', 'text', '<svg', '<html><svg/></html>', '<svg><!-- ', '<svg a="'])(
    'is not put into %p',
    (text) => {
      expect(() => bakeSvg(text, jws)).toThrow(broken);
    },
  );

  it('is looked for in time that grows with the size only: what is quadratic runs out of the time of a test', () => {
    const hostile = [
      `<svg ${'a'.repeat(2_000_000)}>${'<a b="'.repeat(3)}"></svg>`,
      `<svg ${'a '.repeat(1_000_000)}></svg>`,
      `<svg ${'&#1;'.repeat(500_000)}></svg>`,
    ];
    expect(hostile.map(unbakeSvg)).toEqual([undefined, undefined, undefined]);
  });

  it('tells SVG from other text', () => {
    expect([svg, '<svg/>', '\n<svg >', '<!DOCTYPE svg><svg/>'].every(isSvg)).toBe(true);
    expect(['{"a":1}', jws, '<html>', '<svgx>'].some(isSvg)).toBe(false);
  });
});

describeWithSharedData('published signed badges', () => {
  it.each(['own-golden/badge-1.signed.json', 'own-golden/badge-1.rs256.jws'])(
    'survive baking: %s',
    (path) => {
      const credential = readFileSync(sharedData(`spec/samples/${path}`), 'utf8').trim();
      expect(unbakePng(bakePng(png(), credential))).toBe(credential);
      expect(meaning(unbakeSvg(bakeSvg(svg, credential)))).toEqual(meaning(credential));
    },
  );
});
