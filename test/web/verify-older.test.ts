import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { bakeOlderPng, createOlderIssuer } from '../support/older-badge.ts';

let cairn: TestCairn;
let server: Server;
let old: ReturnType<typeof createOlderIssuer>;

beforeAll(async () => {
  server = createServer((asked, answer) => {
    const gone = asked.url === '/gone';
    const found = gone
      ? { '@context': 'https://w3id.org/openbadges/v2', id: old.at('gone'), revoked: true }
      : old.site()[old.at((asked.url ?? '').slice(1))];
    answer.writeHead(gone ? 410 : found === undefined ? 404 : 200, {
      'content-type': 'application/json',
    });
    answer.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  old = createOlderIssuer(host, 'http');
  cairn = await startCairn({ env: { CAIRN_FETCH_ALLOW: host } });
});
afterAll(async () => {
  await cairn.close();
  await new Promise((resolve) => server.close(resolve));
});

const form = () => request(cairn.app).post('/verify').set('Accept', 'text/html');

describe('an Open Badge of version 2.0', () => {
  it('is explained to people, and confirmed by its issuer’s site', async () => {
    const picture = bakeOlderPng(JSON.stringify(old.assertion()), 'iTXt');
    const { text } = await form().attach('file', picture, 'badge.png');

    expect(text).toContain('Its issuer’s site confirms this badge');
    expect(text).toContain('This is an older kind of badge (Open Badges 2.0)');
    expect(text).toContain('It carries no signature.');
    expect(text).toContain('What the badge says');
    expect(text).toContain('Robotics');
    expect(text).toContain('Old School');
    expect(text).not.toMatch(/was signed by|fake|forg|fraud/i);
  });

  it('is explained to people when it was changed, or its site is silent', async () => {
    const changed = await form().field('text', JSON.stringify(old.assertion({ narrative: 'PhD' })));
    expect(changed.text).toContain('This cannot be relied on');
    expect(changed.text).toContain('Its issuer’s site does not confirm it');
    expect(changed.text).not.toContain('signature does not hold');

    const silent = old.assertion({ id: old.at('assertions/9') });
    const { text } = await form().field('text', JSON.stringify(silent));
    expect(text).toContain('This says nothing against the badge or its earner');
  });

  it('is not called nameless when a picture holds no more than its address', async () => {
    const picture = bakeOlderPng(old.at('assertions/9'), 'tEXt');
    const { text } = await form().attach('file', picture, 'badge.png');
    expect(text).toContain('This could not be verified');
    expect(text).toContain(`The picture only holds its address, ${old.at('assertions/9')}.`);
    expect(text).not.toContain('without a name');
  });

  it('can be verified by its address, as long as it is there and after', async () => {
    const ask = (url: string) => request(cairn.app).post('/verify').send({ url });
    expect((await ask(old.at('assertions/1'))).body).toMatchObject({ outcome: 'valid' });
    expect((await ask(old.at('gone'))).body).toMatchObject({ verified: false, outcome: 'revoked' });
    expect((await ask(old.at('nothing'))).status).toBe(422);
  });
});
