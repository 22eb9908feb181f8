import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { version } from '../shared/version.ts';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const untilIssued = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200];
/** There from the start, so that the first one is seen as a step from 0 to 1. */
const eventsFromZero = ['credential.issued', 'issuance.attempt-failed', 'issuance.failed'];

/** What is counted where it happens. */
export function createInstruments(registers: Registry[]) {
  const requests = new Histogram({
    name: 'cairn_http_request_duration_seconds',
    help: 'HTTP requests by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  const events = new Counter({
    name: 'cairn_events_total',
    help: 'Log events (docs/operations.md lists them)',
    labelNames: ['event'],
    registers,
  });
  for (const event of eventsFromZero) events.inc({ event }, 0);
  const issued = new Histogram({
    name: 'cairn_issuance_duration_seconds',
    help: 'From the approval to the credential that can be shown',
    buckets: untilIssued,
    registers,
  });
  const signatures = new Histogram({
    name: 'cairn_signing_duration_seconds',
    help: 'Signatures by the thread or service that signs',
    labelNames: ['outcome'],
    buckets: seconds,
    registers,
  });
  const verifications = new Histogram({
    name: 'cairn_verification_duration_seconds',
    help: 'Verifications by outcome; failed: not looked at because too many waited',
    labelNames: ['outcome'],
    buckets: seconds,
    registers,
  });
  const storeCommands = new Histogram({
    name: 'cairn_store_command_duration_seconds',
    help: 'Commands to the store by kind',
    labelNames: ['command', 'outcome'],
    buckets: seconds,
    registers,
  });
  new Gauge({
    name: 'cairn_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);

  return { requests, events, issued, signatures, verifications, storeCommands };
}
