import type { Command } from 'commander';
import type { Cairn } from '../compose/compose.ts';
import { examineInvariants, parseSample } from './invariants.ts';
import { formatTable, report, withCairn } from './run.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at everything that Cairn needs and say what is wrong in a sentence')
    .option('--invariants', 'read the whole store instead: does everything in it fit together')
    .option('--sample <n>', 'with --invariants: verify so many of the credentials', parseSample)
    .action(async (options: { invariants?: true; sample?: number }, command: Command) => {
      if (options.invariants === true) {
        await examineInvariants(command, options.sample);
        return;
      }
      const findings = await withCairn(examine);
      const text = formatTable(
        findings.map(({ ok, what, detail }) => [ok ? 'ok' : 'WRONG', what, detail]),
      );
      report(command, { value: findings, text, failed: findings.some(({ ok }) => !ok) });
    });
}

async function examine({ storage, services }: Cairn): Promise<readonly Finding[]> {
  return Promise.all([
    look('store', async () => {
      await storage.ping();
      const problems = await storage.verify();
      if (problems.length > 0) throw new Error(problems.join('; '));
      return `${storage.engine}, answers`;
    }),
    look('signing keys', async () => {
      await services.signingKeys.selfTest();
      const active = (await services.signingKeys.listAll()).filter(
        ({ state }) => state === 'active',
      );
      const drivers = [...new Set(active.map(({ driver }) => driver))].join(', ');
      return `every active key opens and signs (${drivers || 'there is none yet'})`;
    }),
    look('audit chain', async () => {
      const broken = (await services.audit.verify()).filter(({ fault }) => fault !== undefined);
      if (broken.length > 0) throw new Error(broken.map(({ fault }) => fault).join('; '));
      return 'no gap and no change';
    }),
    look('issuance log', async () => {
      const broken = (await services.issuanceLog.verify()).filter(({ fault }) => fault);
      if (broken.length > 0) throw new Error(broken.map(({ fault }) => fault).join('; '));
      return 'no gap and no change';
    }),
    look('registries', async () => {
      const registries = await services.registries.report();
      const unread = registries.filter(({ problem }) => problem !== undefined);
      if (unread.length > 0) {
        throw new Error(unread.map(({ address, problem }) => `${address}: ${problem}`).join('; '));
      }
      return describeRegistries(registries);
    }),
    look('status lists', async () => {
      const lost = await services.credentialStatus.countLost();
      if (lost > 0)
        throw new Error(`${lost} revoked and not on their list any more; revoke them again`);
      return 'whatever was revoked is on its list';
    }),
    look('issuance', async () => {
      const failed = await services.issuances.countFailed();
      if (failed > 0) throw new Error(`${failed} failed; see GET /api/v1/issuances?state=failed`);
      return 'nothing has failed';
    }),
  ]);
}

function describeRegistries(
  registries: Awaited<ReturnType<Cairn['services']['registries']['report']>>,
): string {
  if (registries.length === 0) return 'none (CAIRN_REGISTRIES)';
  return registries
    .map(({ name, issuers, ignored }) =>
      [`${name}: ${issuers} issuers`, ...ignored.map((other) => `not read: ${other}`)].join(', '),
    )
    .join('; ');
}

async function look(what: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await check() };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : 'does not answer' };
  }
}
