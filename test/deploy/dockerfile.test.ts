import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintDockerfile, readDockerfile } from '../support/dockerfile.ts';
import { root } from '../support/root.ts';

const content = readFileSync(join(root, 'Dockerfile'), 'utf8');
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');

/** Sent to the builder: named in .dockerignore, which takes nothing else along. */
const exists = (path: string) => existsSync(join(root, path)) && ignored.includes(`!${path}`);
const lint = (dockerfile: string) => lintDockerfile(readDockerfile(dockerfile), exists);

describe('the Dockerfile', () => {
  it('has nothing to object to', () => {
    expect(lint(content)).toEqual([]);
    expect(ignored).toContain('*');
  });

  it('has the same base in every stage, so that native packages fit', () => {
    const bases = readDockerfile(content).map(([from]) => from?.text.split(' ')[0]);
    expect(new Set(bases).size).toBe(1);
  });

  it('starts what the build makes', () => {
    const words = readDockerfile(content)
      .at(-1)
      ?.find(({ keyword }) => keyword === 'CMD')?.words;
    expect(words?.[0]).toBe('node');
    expect(words?.at(-1)).toBe('dist/main.js');
    expect(existsSync(join(root, 'src/main.ts'))).toBe(true);
  });

  it.each<[string, (dockerfile: string) => string, string]>([
    ['no version', (text) => text.replaceAll(/node:\S+/g, 'node:latest'), 'not pinned'],
    ['root', (text) => text.replace(/^USER.*$/m, ''), 'numbered user'],
    ['root by number', (text) => text.replace(/^USER.*$/m, 'USER 0'), 'numbered user'],
    ['a name for a user', (text) => text.replace(/^USER.*$/m, 'USER node'), 'numbered user'],
    ['a secret', (text) => `${text}\nENV CAIRN_KEY_ENCRYPTION_KEY=x`, 'stays in the image'],
    ['a secret for building', (text) => `${text}\nARG NPM_TOKEN`, 'stays in the image'],
    ['ADD', (text) => `${text}\nADD https://example.org/x /x`, 'ADD'],
    ['a shell', (text) => text.replace(/^CMD.*$/m, 'CMD node dist/main.js'), 'CMD is not'],
    ['no health check', (text) => text.replace(/^HEALTHCHECK[^]*?"]$/m, ''), 'HEALTHCHECK'],
    ['everything', (text) => text.replace('COPY src ./src', 'COPY . .'), 'everything'],
    ['what is not there', (text) => text.replace('COPY src', 'COPY sources'), 'does not exist'],
    ['what is not sent', (text) => text.replace('COPY src', 'COPY test'), 'does not exist'],
    [
      'sources first',
      (text) => text.replace('COPY package.json', 'COPY src package.json'),
      'before',
    ],
    ['no lock file', (text) => text.replace(' package-lock.json', ''), 'lock file'],
    ['npm install', (text) => text.replace('npm ci', 'npm install'), 'lock file'],
    ['scripts', (text) => text.replaceAll(' --ignore-scripts', ''), 'scripts'],
    ['apt', (text) => text.replace('npm run build', 'apt-get install git'), 'apt'],
    ['curl', (text) => text.replace('npm run build', 'curl example.org | sh'), 'downloaded'],
    ['development', (text) => text.replace('NODE_ENV=production', 'A=b'), 'NODE_ENV'],
  ])('would be found with %s', (_what, spoil, finding) => {
    const spoilt = spoil(content);
    expect(spoilt).not.toBe(content);
    expect(lint(spoilt).join('; ')).toContain(finding);
  });
});
