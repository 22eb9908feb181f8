import { crc32, deflateSync } from 'node:zlib';
import { hangsMs, openTarget, type Target } from '../support/attack.ts';

// T19: a picture of some hundred kilobytes whose text unfolds to hundreds of megabytes.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T19 baked pictures');
});

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** One white pixel, with this credential in its text chunk. */
function picture(text: Buffer, compressed: boolean, type = 'iTXt'): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const keyword = Buffer.from(
    `openbadgecredential\0${compressed ? '\u0001' : '\0'}\0\0\0`,
    'latin1',
  );
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk(type, Buffer.concat([keyword, text])),
    chunk('IDAT', deflateSync(Buffer.from([0, 255]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

it('T19: a bomb of 300 MB is refused without being unfolded', async () => {
  const bomb = picture(deflateSync(Buffer.alloc(300 * 1024 * 1024)), true);
  expect(bomb.length).toBeLessThan(400_000);
  const { answer, ms } = await target.attack('300 MB in 300 kB', bomb);
  expect(answer).toBe('invalid NOT_A_CREDENTIAL');
  expect(ms).toBeLessThan(hangsMs);
});

it('T19: a compressed credential is refused, however small: the specification forbids it', async () => {
  const { school, attack } = target;
  const badge = Buffer.from(JSON.stringify(await school.sign(school.badge())));
  expect((await attack('as it should be', picture(badge, false))).answer).toBe('valid');
  expect((await attack('compressed', picture(deflateSync(badge), true))).answer).toBe(
    'invalid NOT_A_CREDENTIAL',
  );
  expect((await attack('in a zTXt chunk', picture(deflateSync(badge), false, 'zTXt'))).answer).toBe(
    'invalid NO_CREDENTIAL_IN_IMAGE',
  );
});

it('T19: a credential of 4 MB is refused before it is read', async () => {
  const { answer } = await target.attack(
    '4 MB, not compressed',
    picture(Buffer.alloc(4_000_000, '{'), false),
  );
  expect(answer).toBe('invalid NOT_A_CREDENTIAL');
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut off', (bytes) => bytes.subarray(0, 60)],
  [
    'with a length beyond its end',
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32BE(0xffffffff, 33);
      return copy;
    },
  ],
  [
    'with one bit changed',
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(80) ^ 1, 80);
      return copy;
    },
  ],
  ['without a header', (bytes) => Buffer.concat([bytes.subarray(0, 8), bytes.subarray(33)])],
])('T19: a picture %s is refused', async (name, change) => {
  const { school, attack } = target;
  const badge = Buffer.from(JSON.stringify(await school.sign(school.badge())));
  expect((await attack(name, change(picture(badge, false)))).answer).toBe(
    'invalid NOT_A_CREDENTIAL',
  );
});
