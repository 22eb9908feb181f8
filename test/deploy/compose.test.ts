import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings } from '../../src/config/settings.ts';
import { table } from '../../src/config/table.ts';
import { environmentOf, readCompose } from '../support/compose-file.ts';
import { readMailOverride } from '../support/operations-page.ts';
import { root } from '../support/root.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const cairns = services.filter(([, { image }]) => image.startsWith('cairn:'));
const get = (name: string) => compose.services[name] ?? { image: '' };

describe('compose.yaml', () => {
  it('runs two web processes, two workers, a proxy, MongoDB and Redis', () => {
    const counted = services.map(([name, { deploy }]) => [name, deploy?.replicas ?? 1]);
    expect(Object.fromEntries(counted)).toEqual({
      web: 2,
      worker: 2,
      proxy: 1,
      mongo: 1,
      redis: 1,
    });
    expect(get('web').environment?.CAIRN_ROLES).toBe('web');
    expect(get('worker').environment?.CAIRN_ROLES).toBe('worker');
  });

  it('builds its image once, and the others wait for that', () => {
    expect(cairns.filter(([, { build }]) => build !== undefined)).toHaveLength(1);
    for (const [, { build, pull_policy: pull }] of cairns) {
      expect(pull).toBe(build === undefined ? 'never' : undefined);
    }
  });

  it.each(services)('%s is closed as far as it goes', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      restart: 'unless-stopped',
    });
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.privileged).toBeUndefined();
    expect(service.image).toMatch(/:\d/);
    // The Dockerfile has the health check of Cairn itself.
    expect(service.healthcheck !== undefined || service.image.startsWith('cairn:')).toBe(true);
    expect((service.volumes ?? []).filter((volume) => volume.includes('docker.sock'))).toEqual([]);
  });

  it('opens ports of the proxy only, and gives nobody else a capability', () => {
    for (const [name, { ports, cap_add: added }] of services) {
      expect([name, ports !== undefined]).toEqual([name, name === 'proxy']);
      expect([name, added ?? []]).toEqual([name, name === 'proxy' ? ['NET_BIND_SERVICE'] : []]);
    }
  });

  it('keeps stores and workers in a network without a way out', () => {
    expect(compose.networks.store?.internal).toBe(true);
    for (const name of ['mongo', 'redis', 'worker']) expect(get(name).networks).toEqual(['store']);
    expect(get('proxy').networks).toEqual(['edge']);
  });

  it('holds no secret: each is a file that git does not take', () => {
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
    expect(ignored).toContain('/deploy/secrets/');
    for (const { file } of Object.values(compose.secrets))
      expect(file).toMatch(/^deploy\/secrets\//);
    for (const [, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        const isSecret = /KEY|TOKEN|SECRET|PASSWORD|_URI|REDIS_URL/.test(variable);
        expect([variable, !isSecret || value.startsWith('/run/secrets/')]).toEqual([
          variable,
          true,
        ]);
      }
    }
  });

  it('names only settings that exist, and only secrets and volumes that are declared', () => {
    const known = Object.values(table).map(({ variable }) => variable as string);
    for (const [, { environment = {} }] of cairns) {
      const names = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
    }
    for (const [, { secrets = [], volumes = [] }] of services) {
      expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([]);
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        const isThere = source.startsWith('./')
          ? existsSync(join(root, source))
          : source in compose.volumes;
        expect([source, isThere]).toEqual([source, true]);
      }
    }
  });

  it('shares one data folder among all Cairn processes', () => {
    for (const [, { volumes }] of cairns) expect(volumes).toEqual(['data:/data']);
  });
});

describe('deploy/make-secrets.sh', () => {
  const mounted = ['Caddyfile', 'mongo-health.js', 'redis.conf'];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-deploy-'));
    for (const name of ['make-secrets.sh', ...mounted]) {
      cpSync(join(root, 'deploy', name), join(folder, name));
      chmodSync(join(folder, name), 0o600);
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const make = () => spawnSync('sh', [join(folder, 'make-secrets.sh')], { encoding: 'utf8' });
  const read = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8').trim();

  it('leaves nothing behind where openssl is missing', () => {
    const bin = mkdtempSync(join(tmpdir(), 'cairn-bin-'));
    for (const tool of ['dirname', 'mkdir', 'cat', 'chmod']) {
      const { stdout } = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' });
      symlinkSync(stdout.trim(), join(bin, tool));
    }
    const sh = spawnSync('sh', ['-c', 'command -v sh'], { encoding: 'utf8' }).stdout.trim();
    const refused = spawnSync(sh, [join(folder, 'make-secrets.sh')], {
      encoding: 'utf8',
      env: { PATH: bin },
    });
    rmSync(bin, { recursive: true });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('openssl');
    expect(existsSync(join(folder, 'secrets'))).toBe(false);
  });

  it('makes every secret that is mounted, in a folder that others cannot enter, and never again', () => {
    expect(make().status).toBe(0);
    const made = readdirSync(join(folder, 'secrets')).sort();
    expect(made).toEqual(Object.keys(compose.secrets).sort());
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    for (const name of mounted) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o644);
    const key = read('key_encryption_key');
    const again = make();
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('nothing was changed');
    expect(read('key_encryption_key')).toBe(key);
  });

  it('gives both sides the same password', () => {
    expect(read('mongodb_uri')).toContain(`cairn:${read('mongo_cairn_password')}@`);
    expect(read('redis_url')).toContain(`:${read('redis_auth').replace('requirepass ', '')}@`);
  });

  it.each(cairns)('settings of %s are right in production', (_name, service) => {
    const settings = parseSettings(environmentOf(service, join(folder, 'secrets')));
    expect(settings).toMatchObject({
      environment: 'production',
      url: 'https://badges.school.example',
      bootstrapOrganization: 'My School',
      mongodbUri: read('mongodb_uri'),
    });
  });

  it('takes letters by mail along, as the handbook has it', () => {
    const { services: more, networks, secrets } = readMailOverride();
    const { environment, secrets: mounted = [], networks: joined = [] } = more.worker ?? get('');
    expect(mounted).toEqual(Object.keys(secrets));
    expect(Object.values(secrets).every(({ file }) => file.startsWith('deploy/secrets/'))).toBe(
      true,
    );
    // One that is the worker's only, and with a way out.
    expect(joined.map((name) => [name, networks[name]])).toEqual([['mail', {}]]);
    expect(compose.networks).not.toHaveProperty('mail');
    const own = mkdtempSync(join(tmpdir(), 'cairn-mail-'));
    writeFileSync(join(own, 'smtp_url'), 'smtps://me:secret@mail.school.example\n');
    const settings = parseSettings({
      ...environmentOf(get('worker'), join(folder, 'secrets')),
      ...environmentOf({ image: '', ...(environment && { environment }) }, own),
    });
    rmSync(own, { recursive: true });
    expect(settings).toMatchObject({
      smtpUrl: 'smtps://me:secret@mail.school.example',
      smtpFrom: 'letters@school.example',
      roles: ['worker'],
    });
  });
});
