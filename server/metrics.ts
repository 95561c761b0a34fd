import { Counter, Histogram, Registry } from 'prom-client';
import type { SourceStatus } from '../src/fhir/status.ts';
import type { Logger } from './log.ts';

/** What somebody has to see to at once, and what each means. An alarm stands in the log as an error with `alarm`, and is counted. */
export const alarms = {
  'audit-cut': 'the end of the audit trail is gone',
  'audit-failed': 'a refusal could not be written to the audit trail',
  'audit-head': 'it could not be checked whether the audit trail has its end',
  'objections-unread': 'the objections register does not answer, so that open records end',
  'withhold-failed': 'the filter could not finish with a source’s answer, of which nothing is shown',
} as const;
export type Alarm = keyof typeof alarms;

/**
 * What this process has counted since it started, for an operator's monitoring: no person, user or record, and no reason
 * why anything was refused.
 */
export const metrics = new Registry();
const registers = [metrics];

const raised = new Counter({
  name: 'ohc_alarms_total',
  help: 'Alarms, each of which stands in the log too.',
  labelNames: ['alarm'],
  registers,
});
// One that was never raised is told as nought, so that a rule of the monitoring finds it.
for (const alarm of Object.keys(alarms)) raised.inc({ alarm }, 0);

const answered = new Counter({
  name: 'ohc_source_answers_total',
  help: 'How sources answered, by their id in sources.json and the status that the viewer is told.',
  labelNames: ['source', 'status'],
  registers,
});

const requests = new Histogram({
  name: 'ohc_request_seconds',
  help: 'Requests from their first byte to the last of the answer, by route.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  registers,
});

/** Says in the log and in the metrics that something is wrong. @param more ids, codes and counts for the log */
export function raiseAlarm(
  log: Pick<Logger, 'error'>,
  alarm: Alarm,
  more: Readonly<Record<string, unknown>> = {},
): void {
  raised.inc({ alarm });
  log.error({ ...more, alarm }, alarms[alarm]);
}

/** Counts how a source answered. */
export function countAnswer(source: string, status: SourceStatus): void {
  answered.inc({ source, status });
}

/** Counts a request that has ended. @param route as `routeOf` names it: never a URL */
export function countRequest(method: string, route: string, status: number, ms: number): void {
  requests.observe({ method, route, status }, ms / 1000);
}
