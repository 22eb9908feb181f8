import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { invalid, type Issue } from '../shared/errors.ts';
import { table, type Setting } from './table.ts';

type Table = typeof table;
type Values = { readonly [K in keyof Table]: z.output<Table[K]['schema']> };

/** Every setting, parsed and frozen. */
export type Settings = Omit<Values, 'url'> & { readonly url: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment. A secret may stand in a file named by `<VARIABLE>_FILE`.
 * @throws ServiceError `config.invalid` that lists every problem at once
 */
export function parseSettings(env: Environment = process.env): Settings {
  const issues: Issue[] = [];
  const values: Partial<Values> = Object.fromEntries(
    Object.entries(table).map(([name, setting]) => [name, readSetting(setting, env, issues)]),
  );
  const url = values.url ?? `http://localhost:${values.port ?? ''}`;
  issues.push(...findProductionIssues(values, url));
  if (issues.length > 0) {
    const list = issues.map((issue) => `  ${issue.path} ${issue.message}`).join('\n');
    throw invalid('config.invalid', `Cairn cannot start with these settings:\n${list}`, issues);
  }
  return Object.freeze({ ...(values as Values), url });
}

function readSetting(setting: Setting<unknown>, env: Environment, issues: Issue[]): unknown {
  let text: string | undefined;
  try {
    text = readText(setting, env);
  } catch {
    issues.push({ path: `${setting.variable}_FILE`, message: 'names a file that cannot be read' });
    return undefined;
  }
  const parsed = setting.schema.safeParse(text ?? setting.default);
  if (parsed.success) return parsed.data;
  issues.push({ path: setting.variable, message: parsed.error.issues[0]?.message ?? 'is wrong' });
  return undefined;
}

function readText(setting: Setting<unknown>, env: Environment): string | undefined {
  const value = env[setting.variable];
  if (value !== undefined && value !== '') return value;
  const file = setting.secret === true ? env[`${setting.variable}_FILE`] : undefined;
  return file === undefined || file === '' ? undefined : readFileSync(file, 'utf8').trim();
}

function findProductionIssues(values: Partial<Values>, url: string): Issue[] {
  if (values.environment !== 'production') return [];
  const issues: Issue[] = [];
  if (!url.startsWith('https://')) {
    issues.push({ path: 'CAIRN_URL', message: 'must start with https:// in production' });
  }
  if (values.keyEncryptionKey === undefined) {
    issues.push({ path: 'CAIRN_KEY_ENCRYPTION_KEY', message: 'is required in production' });
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

function showValue(value: Settings[keyof Settings]): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
