import { bakePng } from '../../src/credentials/bake/png.ts';
import { renderBadgePng } from '../../src/images/raster.ts';
import { renderBadge } from '../../src/images/template.ts';
import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('S01 honest, and one byte changed');
});

it('S01: an honest badge is valid in every form in which it travels', async () => {
  const { school, attack } = target;
  const badge = await school.sign(school.badge());
  const token = school.signToken(school.claims());
  const picture = renderBadge(
    { shape: 'stone', color: '#00796b', icon: 'graph' },
    { title: 'Badge' },
  );
  const png = bakePng(await renderBadgePng(picture, 300), JSON.stringify(badge));
  const envelope = {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:application/vc+jwt,${token}`,
    type: 'EnvelopedVerifiableCredential',
  };
  for (const [name, form] of Object.entries({ badge, token, png, envelope })) {
    expect({ name, ...(await attack(name, form)) }).toMatchObject({ name, answer: 'valid' });
  }
});

it('S01: it is invalid with one byte of any signed value changed', async () => {
  const { school, attack } = target;
  const text = JSON.stringify(await school.sign(school.badge()));
  const values = [
    ...text.matchAll(/"(?:name|description|narrative|validFrom|statusListIndex|id)":"([^"]+)"/g),
  ];
  expect(values.length).toBeGreaterThan(10);
  for (const { index, 0: pair } of values) {
    const at = index + pair.length - 2;
    const byte = text[at] === '1' ? '2' : '1';
    const { answer } = await attack(
      pair.slice(0, 60),
      JSON.parse(text.slice(0, at) + byte + text.slice(at + 1)) as Json,
    );
    expect({ pair, answer }).toMatchObject({
      answer: expect.stringMatching(/^(invalid|unverifiable) /) as string,
    });
  }
});
