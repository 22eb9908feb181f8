import { accessSync, constants, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { invalid, type Issue } from '../shared/errors.ts';
import { table, type Setting } from './table.ts';

type Table = typeof table;
type Values = { readonly [K in keyof Table]: z.output<Table[K]['schema']> };

/** Where a secret is that the settings do not hold: in a file, or still in the environment. */
export type ApartSecret =
  | { readonly path: string }
  /** Gives the secret once; then the environment does not have it any more. */
  | { readonly take: () => string };

type Apart = 'keyEncryptionKey' | 'transitToken' | 'backupPassphrase';

/** Every setting, parsed and frozen. */
export type Settings = Omit<Values, 'url' | Apart> & { readonly url: string } & Readonly<
    Record<Apart, ApartSecret | undefined>
  >;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment. A secret may stand in a file named by `<VARIABLE>_FILE`.
 * @throws ServiceError `config.invalid` that lists every problem at once
 */
export function parseSettings(env: Environment = process.env): Settings {
  const issues: Issue[] = [];
  const values: Partial<Settings> = Object.fromEntries(
    Object.entries(table).map(([name, setting]: [string, Setting<unknown>]) => [
      name,
      (setting.apart === true ? readApart : readSetting)(setting, env, issues),
    ]),
  );
  const url = values.url ?? `http://localhost:${values.port ?? ''}`;
  issues.push(
    ...findTransitIssues(values),
    ...findMailIssues(values),
    ...findProductionIssues(values, url),
  );
  if (issues.length > 0) {
    const list = issues.map((issue) => `  ${issue.path} ${issue.message}`).join('\n');
    throw invalid('config.invalid', `Cairn cannot start with these settings:\n${list}`, issues);
  }
  return Object.freeze({ ...(values as Settings), url });
}

function readSetting(setting: Setting<unknown>, env: Environment, issues: Issue[]): unknown {
  let text: string | undefined;
  try {
    text = readText(setting, env);
  } catch {
    issues.push(unreadable(setting));
    return undefined;
  }
  const parsed = setting.schema.safeParse(text ?? setting.default);
  if (parsed.success) return parsed.data;
  issues.push({ path: setting.variable, message: parsed.error.issues[0]?.message ?? 'is wrong' });
  return undefined;
}

function unreadable({ variable }: Setting<unknown>): Issue {
  return { path: `${variable}_FILE`, message: 'names a file that cannot be read' };
}

/** Looks whether a secret is there and has the right form, and leaves it where it is. */
function readApart(
  setting: Setting<unknown>,
  env: Environment,
  issues: Issue[],
): ApartSecret | undefined {
  const { variable } = setting;
  if (env[variable]) {
    readSetting(setting, env, issues);
    return { take: () => takeOut(env, variable) };
  }
  const path = env[`${variable}_FILE`];
  if (path === undefined || path === '') return undefined;
  try {
    accessSync(path, constants.R_OK);
  } catch {
    issues.push(unreadable(setting));
  }
  return { path };
}

function takeOut(env: Environment, variable: string): string {
  const value = env[variable];
  if (value === undefined) throw new Error(`${variable} was taken before`);
  Reflect.deleteProperty(env, variable);
  return value;
}

function readText(setting: Setting<unknown>, env: Environment): string | undefined {
  const value = env[setting.variable];
  if (value !== undefined && value !== '') return value;
  const file = setting.secret === true ? env[`${setting.variable}_FILE`] : undefined;
  return file === undefined || file === '' ? undefined : readFileSync(file, 'utf8').trim();
}

function findTransitIssues({ keyDriver, transitUrl, transitToken }: Partial<Settings>): Issue[] {
  if (keyDriver !== 'transit' || (transitUrl !== undefined && transitToken !== undefined))
    return [];
  const message = 'is transit, which needs CAIRN_TRANSIT_URL and CAIRN_TRANSIT_TOKEN';
  return [{ path: 'CAIRN_KEY_DRIVER', message }];
}

function findMailIssues({ smtpUrl, smtpFrom }: Partial<Settings>): Issue[] {
  if (smtpUrl === undefined || smtpFrom !== undefined) return [];
  return [{ path: 'SMTP_URL', message: 'needs SMTP_FROM, the address that letters come from' }];
}

const ownMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function findProductionIssues(values: Partial<Settings>, url: string): Issue[] {
  if (values.environment !== 'production') return [];
  const issues: Issue[] = [];
  if (!url.startsWith('https://')) {
    issues.push({ path: 'CAIRN_URL', message: 'must start with https:// in production' });
  }
  if (values.keyDriver === 'file' && values.keyEncryptionKey === undefined) {
    issues.push({ path: 'CAIRN_KEY_ENCRYPTION_KEY', message: 'is required in production' });
  }
  if (values.faults?.length !== 0) {
    issues.push({
      path: 'FAULT',
      message: 'lets Cairn die on purpose and is for tests only, never for production',
    });
  }
  const transit = new URL(values.transitUrl ?? 'https://none');
  if (transit.protocol !== 'https:' && !ownMachine.test(transit.hostname)) {
    issues.push({
      path: 'CAIRN_TRANSIT_URL',
      message: 'must start with https:// in production, unless it is this machine',
    });
  }
  return issues;
}

/** One row per setting for `cairn config`: what holds now, with secrets named but not shown. */
export function describeSettings(settings: Settings) {
  return Object.entries(table).map(([name, setting]: [string, Setting<unknown>]) => {
    const value = settings[name as keyof Settings];
    return {
      variable: setting.variable,
      value: setting.secret === true && value !== undefined ? '(set, not shown)' : showValue(value),
      default: setting.default ?? '',
      doc: setting.doc,
    };
  });
}

function showItem(item: string | { readonly point: string; readonly probability: number }) {
  return typeof item === 'string' ? item : `${item.point}:${item.probability}`;
}

function showValue(value: Settings[keyof Settings]): string {
  if (Array.isArray(value)) return value.map(showItem).join(',');
  return value === undefined || typeof value === 'object' ? '' : String(value);
}
