import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { parse } from 'yaml';
import { start } from '../../src/start.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { readMetrics } from '../support/metrics.ts';
import { readOperationsPage } from '../support/operations-page.ts';
import { root } from '../support/root.ts';

interface Dashboard {
  readonly title: string;
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[];
}
interface Alerts {
  readonly groups: readonly {
    rules: readonly { alert: string; expr: string; annotations: Record<string, string> }[];
  }[];
}

const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');
const dashboard = JSON.parse(read('grafana/cairn.json')) as Dashboard;
const alerts = (parse(read('alerts.yml')) as Alerts).groups.flatMap(({ rules }) => rules);

let cairn: TestCairn;
let stop: () => Promise<void>;
/** Every metric with the labels that it has; those that Prometheus adds itself not counted. */
let known: Map<string, Set<string>>;
beforeAll(async () => {
  cairn = await startCairn({ env: { CAIRN_ROLES: 'worker' } });
  stop = await start(cairn.cairn);
  const { metrics } = cairn.cairn;
  metrics.request({ requestId: '', method: 'GET', route: '/', status: 200, ms: 1 });
  await metrics.verification(Promise.resolve('valid'), (outcome) => outcome);
  const { text } = await request(express().get('/metrics', metrics.handler)).get('/metrics');
  known = new Map();
  for (const { name, labels } of readMetrics(text)) {
    const before = known.get(name) ?? [];
    known.set(name, new Set([...before, ...Object.keys(labels), 'job', 'instance']));
  }
}, 60_000);
afterAll(async () => {
  await stop();
  await cairn.close();
});

const functions = new Set(['sum', 'max', 'min', 'rate', 'increase', 'topk', 'histogram_quantile']);

/** Names of metrics, and labels, that an expression uses. */
function readExpression(expr: string) {
  const matchers = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*=/g)].map(([, label = '']) => label),
  );
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((label) => label.trim()),
  );
  const rest = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '').replaceAll(/\bby \([^)]*\)/g, '');
  const metrics = [...rest.matchAll(/[a-z_]\w*/gi)].map(([word]) => word);
  return {
    metrics: metrics.filter((word) => !functions.has(word)),
    labels: [...matchers, ...grouped],
  };
}

function problemsOf(expr: string): readonly string[] {
  const { metrics, labels } = readExpression(expr);
  const own = metrics.filter((name) => name !== 'up');
  return [
    ...(metrics.length === 0 ? ['it asks for nothing'] : []),
    ...own.filter((name) => !known.has(name)).map((name) => `there is no ${name}`),
    ...labels
      .filter((label) => !own.every((name) => known.get(name)?.has(label)))
      .map((label) => `there is no label ${label}`),
    ...(expr.split('(').length === expr.split(')').length ? [] : ['brackets']),
  ];
}

it('every query of the dashboard names metrics and labels that exist', () => {
  expect(dashboard.panels.length).toBeGreaterThan(10);
  const found = dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [title, problemsOf(expr)]),
  );
  expect(found.filter(([, problems]) => problems?.length !== 0)).toEqual([]);
});

it('every alert names metrics and labels that exist, and says what to do', () => {
  expect(alerts.map(({ alert }) => alert)).toEqual(
    expect.arrayContaining(['CairnApprovalsWait', 'CairnIssuanceFailed', 'CairnNotReady']),
  );
  for (const { alert, expr, annotations } of alerts) {
    expect([alert, problemsOf(expr)]).toEqual([alert, []]);
    expect(annotations).toMatchObject({
      summary: expect.stringMatching(/\w/) as unknown,
      help: expect.stringMatching(/\w/) as unknown,
    });
  }
});

it('would find a metric or a label that is not there', () => {
  expect(problemsOf('max(cairn_outbox_age)')).toEqual(['there is no cairn_outbox_age']);
  expect(problemsOf('sum by (person) (rate(cairn_events_total[5m]))')).toEqual([
    'there is no label person',
  ]);
});

it('the operations page lists every metric of ours, and no other', () => {
  const { metrics } = readOperationsPage();
  const ours = [...known.keys()]
    .map((name) => name.replace(/_(bucket|sum|count)$/, ''))
    .filter((name) => name.startsWith('cairn_'));
  expect([...metrics].sort()).toEqual([...new Set(ours)].sort());
});

it('Prometheus asks where the image serves metrics', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const [, port] = /CAIRN_METRICS_PORT=(\d+)/.exec(dockerfile) ?? [];
  const config = parse(read('prometheus.yml')) as {
    rule_files: string[];
    scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  const [discovery] = config.scrape_configs.flatMap(({ dns_sd_configs: found }) => found);
  expect(discovery).toMatchObject({ names: ['web', 'worker'], port: Number(port) });
  expect(config.rule_files).toEqual(['alerts.yml']);
});
