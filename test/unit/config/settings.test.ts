import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { describeSettings, parseSettings } from '../../../src/config/settings.ts';
import { refusal } from '../../support/refusal.ts';

const keyEncryptionKey = Buffer.alloc(32, 7).toString('base64');
const production = {
  NODE_ENV: 'production',
  CAIRN_URL: 'https://badges.school.example',
  CAIRN_KEY_ENCRYPTION_KEY: keyEncryptionKey,
};

/** `VARIABLE message` of everything that is wrong. */
function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseSettings(env);
  } catch (error) {
    const { issues } = error as { issues: readonly { path: string; message: string }[] };
    return issues.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

describe('settings', () => {
  it('have a default for everything that a first start needs', () => {
    expect(parseSettings({})).toMatchObject({
      environment: 'development',
      url: 'http://localhost:3000',
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      roles: ['web', 'worker'],
      mongodbUri: undefined,
      keyEncryptionKey: undefined,
      fetchAllow: [],
      trustProxy: 0,
      maxFileMegabytes: 20,
    });
  });

  it('are frozen, and an empty variable is none', () => {
    const settings = parseSettings({ PORT: '', CAIRN_BOOTSTRAP_ADMIN_KEY: '' });
    expect(settings.port).toBe(3000);
    expect(settings.bootstrapAdminKey).toBeUndefined();
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('are read from their variables', () => {
    const settings = parseSettings({
      PORT: '8080',
      CAIRN_URL: 'http://badges.local:8080/',
      CAIRN_ROLES: ' worker ',
      CAIRN_FETCH_ALLOW: 'localhost:3001, 10.0.0.7:8443',
      CAIRN_MAX_FILE_MB: '5',
      CAIRN_BOOTSTRAP_ORG: '  Hill School ',
    });
    expect(settings).toMatchObject({
      port: 8080,
      url: 'http://badges.local:8080',
      roles: ['worker'],
      fetchAllow: ['localhost:3001', '10.0.0.7:8443'],
      maxFileMegabytes: 5,
      bootstrapOrganization: 'Hill School',
    });
  });

  it.each([
    ['NODE_ENV', 'staging'],
    ['CAIRN_URL', 'badges.school.example'],
    ['CAIRN_URL', 'ftp://badges.school.example'],
    ['CAIRN_URL', 'https://school.example/badges'],
    ['PORT', '65536'],
    ['PORT', '3e3'],
    ['PORT', '-1'],
    ['CAIRN_ROLES', 'web,cook'],
    ['CAIRN_ROLES', ','],
    ['MONGODB_URI', 'http://localhost'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['CAIRN_REDIS_PREFIX', 'a:b'],
    ['CAIRN_WORKER_CONCURRENCY', '0'],
    ['CAIRN_WORKER_RATE', 'fast'],
    ['SMTP_URL', 'mail.school.example'],
    ['SMTP_URL', 'http://mail.school.example'],
    ['SMTP_URL', 'smtp://'],
    ['SMTP_URL', 'smtp://mail.school.example/?tls.rejectUnauthorized=false'],
    ['SMTP_URL', 'smtp://me:100%@mail.school.example'],
    ['SMTP_FROM', 'letters'],
    ['SMTP_FROM', 'a@b.example, c@d.example'],
    ['CAIRN_KEY_ENCRYPTION_KEY', 'too-short'],
    ['CAIRN_KEY_ENCRYPTION_KEY', 'f'.repeat(63)],
    ['CAIRN_KEY_DRIVER', 'pocket'],
    ['CAIRN_TRANSIT_URL', 'vault:8200'],
    ['CAIRN_TRANSIT_TOKEN', 'two words'],
    ['CAIRN_TRANSIT_MOUNT', '../sys'],
    ['CAIRN_BOOTSTRAP_ADMIN_KEY', 'x'.repeat(31)],
    ['CAIRN_BOOTSTRAP_ORG', '   '],
    ['CAIRN_FETCH_ALLOW', 'localhost'],
    ['CAIRN_FETCH_ALLOW', 'http://localhost:80'],
    ['CAIRN_TRUST_PROXY', 'yes'],
    ['CAIRN_MAX_FILE_MB', '0'],
    ['CAIRN_LOG_LEVEL', 'loud'],
  ])('refuse %s=%s by name', (variable, value) => {
    const problems = problemsOf({ [variable]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${variable} `));
  });

  it('that are wrong are told all at once, without their secrets', () => {
    const env = {
      PORT: 'eighty',
      CAIRN_URL: 'badges',
      CAIRN_ROLES: 'cook',
      CAIRN_BOOTSTRAP_ADMIN_KEY: 'my-short-secret',
      MONGODB_URI: 'user:hidden@host',
    };
    expect(problemsOf(env).map((problem) => problem.split(' ')[0])).toEqual([
      'CAIRN_URL',
      'PORT',
      'CAIRN_ROLES',
      'MONGODB_URI',
      'CAIRN_BOOTSTRAP_ADMIN_KEY',
    ]);
    expect(problemsOf(env).join()).not.toMatch(/my-short-secret|hidden/);
    expect(() => parseSettings(env)).toThrow(refusal({ code: 'config.invalid' }));
  });
});

describe('a mail server', () => {
  const SMTP_URL = 'smtps://me:hidden@mail.school.example';

  it('needs to know whom letters come from, which is told at once and without its password', () => {
    expect(problemsOf({ SMTP_URL })).toEqual([
      'SMTP_URL needs SMTP_FROM, the address that letters come from',
    ]);
    const settings = parseSettings({ SMTP_URL, SMTP_FROM: 'Hill <letters@school.example>' });
    expect(JSON.stringify(describeSettings(settings))).not.toContain('hidden');
    expect(problemsOf({ SMTP_FROM: 'letters@school.example' })).toEqual([]);
  });

  it('may stand in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-settings-'));
    const file = join(folder, 'smtp_url');
    writeFileSync(file, `${SMTP_URL}\n`);
    const settings = parseSettings({ SMTP_URL_FILE: file, SMTP_FROM: 'letters@school.example' });
    expect(settings.smtpUrl).toBe(SMTP_URL);
    rmSync(folder, { recursive: true });
  });
});

describe('in production', () => {
  it('https and a key encryption key are asked for', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      'CAIRN_URL must start with https:// in production',
      'CAIRN_KEY_ENCRYPTION_KEY is required in production',
    ]);
    expect(problemsOf(production)).toEqual([]);
  });

  it('a key encryption key may be base64 or hex', () => {
    const hex = Buffer.alloc(32, 7).toString('hex');
    expect(problemsOf({ ...production, CAIRN_KEY_ENCRYPTION_KEY: hex })).toEqual([]);
  });
});

describe('a signing service', () => {
  const service = {
    CAIRN_KEY_DRIVER: 'transit',
    CAIRN_TRANSIT_URL: 'https://vault.school.example:8200',
    CAIRN_TRANSIT_TOKEN: 's.token',
  };

  it('needs an address and a token, which is told at once', () => {
    expect(problemsOf({ CAIRN_KEY_DRIVER: 'transit' })).toEqual([
      'CAIRN_KEY_DRIVER is transit, which needs CAIRN_TRANSIT_URL and CAIRN_TRANSIT_TOKEN',
    ]);
    expect(problemsOf(service)).toEqual([]);
  });

  it('takes the place of the key encryption key in production, over https or on this machine', () => {
    const { CAIRN_KEY_ENCRYPTION_KEY: _none, ...rest } = { ...production, ...service };
    expect(problemsOf(rest)).toEqual([]);
    for (const host of ['127.0.0.1:8200', 'localhost:8100', '[::1]:8200']) {
      expect(problemsOf({ ...rest, CAIRN_TRANSIT_URL: `http://${host}` })).toEqual([]);
    }
    expect(problemsOf({ ...rest, CAIRN_TRANSIT_URL: 'http://vault:8200' })).toEqual([
      'CAIRN_TRANSIT_URL must start with https:// in production, unless it is this machine',
    ]);
  });
});

describe('a secret for another thread', () => {
  it('is taken out of the environment, once, and is not in the settings', () => {
    const env = { ...production };
    const settings = parseSettings(env);
    expect(inspect(settings, { depth: Infinity })).not.toContain(keyEncryptionKey);
    const { keyEncryptionKey: secret } = settings;
    if (secret === undefined || !('take' in secret)) throw new Error('not there');
    expect(secret.take()).toBe(keyEncryptionKey);
    expect(env).not.toHaveProperty('CAIRN_KEY_ENCRYPTION_KEY');
    expect(secret.take).toThrow('was taken before');
  });

  it('in a file is not read here', () => {
    const settings = parseSettings({ CAIRN_KEY_ENCRYPTION_KEY_FILE: import.meta.filename });
    expect(settings.keyEncryptionKey).toEqual({ path: import.meta.filename });
    expect(problemsOf({ CAIRN_TRANSIT_TOKEN_FILE: '/nowhere/token' })).toEqual([
      'CAIRN_TRANSIT_TOKEN_FILE names a file that cannot be read',
    ]);
  });
});

describe('faults on purpose', () => {
  it('are read point by point, each with its probability and its kind', () => {
    const { faults, faultSeed } = parseSettings({
      FAULT: 'issuance.signed:0.15, award.written:1:throw,issuance.claimed:.5:stall=200',
      FAULT_SEED: '7',
    });
    expect(faultSeed).toBe(7);
    expect(faults.map((fault) => Object.values(fault).join(' '))).toEqual([
      'issuance.signed 0.15 kill 0',
      'award.written 1 throw 0',
      'issuance.claimed 0.5 stall 200',
    ]);
    expect(parseSettings({}).faults).toEqual([]);
  });

  it.each([
    'issuance.signed',
    'issuance.signed:2',
    'issuance.signed:0.1:sleep',
    ':1',
    'x:1:throw:y',
  ])('are refused when they are %s', (text) => {
    expect(problemsOf({ FAULT: text })[0]).toMatch(
      `FAULT has ${text}, which is not point:probability`,
    );
  });

  it('at unknown points are refused by name', () => {
    expect(problemsOf({ FAULT: 'award.written:1,issuance.begun:0.1' })[0]).toMatch(
      /^FAULT has no point issuance\.begun; there are: award\.prepared, /,
    );
  });

  it('are refused in production', () => {
    expect(problemsOf({ ...production, FAULT: 'award.written:0.1' })).toEqual([
      'FAULT lets Cairn die on purpose and is for tests only, never for production',
    ]);
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-secrets-'));
  const file = join(folder, 'secret');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read from where the variable with _FILE says, without the line end', () => {
    writeFileSync(file, `${'k'.repeat(40)}\n`);
    const settings = parseSettings({ CAIRN_BOOTSTRAP_ADMIN_KEY_FILE: file });
    expect(settings.bootstrapAdminKey).toBe('k'.repeat(40));
  });

  it('gives way to the variable itself', () => {
    writeFileSync(file, 'k'.repeat(40));
    const settings = parseSettings({
      CAIRN_BOOTSTRAP_ADMIN_KEY: 'v'.repeat(40),
      CAIRN_BOOTSTRAP_ADMIN_KEY_FILE: file,
    });
    expect(settings.bootstrapAdminKey).toBe('v'.repeat(40));
  });

  it('must be there', () => {
    expect(problemsOf({ MONGODB_URI_FILE: join(folder, 'none'), PORT: 'x' })).toEqual([
      'PORT must be a port number',
      'MONGODB_URI_FILE names a file that cannot be read',
    ]);
  });

  it('is only looked for where the setting is a secret', () => {
    writeFileSync(file, '8080');
    expect(parseSettings({ PORT_FILE: file }).port).toBe(3000);
  });
});

describe('the table of settings', () => {
  it('shows what holds, and of secrets only that they are set', () => {
    const rows = describeSettings(parseSettings(production));
    const valueOf = (variable: string) => rows.find((row) => row.variable === variable)?.value;
    expect(valueOf('CAIRN_URL')).toBe('https://badges.school.example');
    expect(valueOf('CAIRN_ROLES')).toBe('web,worker');
    expect(valueOf('CAIRN_KEY_ENCRYPTION_KEY')).toBe('(set, not shown)');
    expect(valueOf('MONGODB_URI')).toBe('');
    expect(rows.every(({ doc }) => doc.length > 10)).toBe(true);
  });
});
