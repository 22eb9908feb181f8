import { Command, Option } from 'commander';
import { report, withCairn } from './run.ts';

interface Options {
  readonly name: string;
  readonly role?: string[];
  readonly person?: string;
  readonly organization?: string;
}

export function addApiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys for machines');
  apiKey
    .command('create')
    .description('make an API key; its secret is printed this once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--role <role...>', 'what it may do').choices([
        'owner',
        'admin',
        'lead',
        'teacher',
        'learner',
        'guardian',
        'mentor',
      ]),
    )
    .option('--person <id>', 'whose key it is (instead of --role)')
    .option('--organization <id>', 'which school, when there is more than one')
    .action(async (options: Options, command: Command) => {
      const key = await withCairn(({ services }) => createKey(services, options));
      report(command, { value: key, text: key.secret });
    });
}

type Services = Parameters<Parameters<typeof withCairn>[0]>[0]['services'];

async function createKey({ organizations, apiKeys }: Services, options: Options) {
  const operator = await organizations.operator(options.organization);
  return apiKeys.create(operator, {
    name: options.name,
    person: options.person,
    roles: options.role as Parameters<typeof apiKeys.create>[1]['roles'],
  });
}
