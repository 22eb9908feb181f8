import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Cairn } from '../compose/compose.ts';
import { invalid, notFound } from '../shared/errors.ts';
import { formatTable, report, withCairn } from './run.ts';

type Operator = Awaited<ReturnType<Cairn['services']['organizations']['operator']>>;

interface Place {
  readonly organization?: string;
}

const which = [
  '--organization <id>',
  'whose audit chain takes it in, when there is more than one',
] as const;

/** Vocabularies that credentials from elsewhere use and that do not come with Cairn. */
export function addContextCommands(program: Command): void {
  const contexts = program
    .command('contexts')
    .description('JSON-LD contexts that were added for verifying');
  contexts
    .command('list')
    .option(...which)
    .description('every added context: address, hash, since when')
    .action(async (options: Place, command: Command) => {
      const items = await asOperator(options, listAll);
      const rows = items.map(({ id, url, sha256, addedAt }) => [
        id,
        url,
        sha256,
        addedAt.toISOString(),
      ]);
      const value = items.map(({ content: _content, ...context }) => context);
      report(command, { value, text: formatTable(rows) || 'none' });
    });
  contexts
    .command('add <url> <file>')
    .option(...which)
    .description('know the context at this address by the bytes of this file')
    .action(async (url: string, file: string, options: Place, command: Command) => {
      if (!/^https:\/\/[^\s#]+$/.test(url)) {
        throw invalid(
          'context.no_address',
          'The first argument is the https address of the context.',
        );
      }
      const content = await read(file);
      const added = await asOperator(options, ({ contexts }, actor) =>
        contexts.add(actor, { url, content }),
      );
      const { content: _content, ...value } = added;
      report(command, { value, text: `added ${url} (sha256 ${added.sha256})` });
    });
  contexts
    .command('remove <url>')
    .option(...which)
    .description('forget it: what uses it cannot be verified any more')
    .action(async (url: string, options: Place, command: Command) => {
      await asOperator(options, async (services, actor) => {
        const found = (await listAll(services, actor)).find((context) => context.url === url);
        if (found === undefined) throw notFound('context');
        await services.contexts.remove(actor, found.id);
      });
      report(command, { value: { url }, text: `removed ${url}` });
    });
}

function asOperator<T>(
  { organization }: Place,
  work: (services: Cairn['services'], operator: Operator) => Promise<T>,
): Promise<T> {
  return withCairn(async ({ services }) =>
    work(services, await services.organizations.operator(organization)),
  );
}

async function listAll({ contexts }: Cairn['services'], operator: Operator) {
  const all = [];
  let cursor: string | undefined;
  do {
    const page = await contexts.list(operator, { limit: 200, cursor });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw invalid('context.no_file', `There is no file to read at ${path}.`);
  });
}
