import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './root.ts';

export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly deploy?: { readonly replicas: number };
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export function readCompose(): Compose {
  return parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
}

/** What a process of this service is given, with the secrets of that folder and the image's own environment. */
export function environmentOf(service: Service, secrets: string): Record<string, string> {
  const given = Object.entries(service.environment ?? {}).map(([name, value]): [string, string] => [
    name,
    value
      .replace('/run/secrets', secrets)
      .replace(/^\$\{CAIRN_URL:.*$/, 'https://badges.school.example')
      .replace(/^\$\{\w+:-(.*)\}$/, '$1'),
  ]);
  return { NODE_ENV: 'production', ...Object.fromEntries(given) };
}
