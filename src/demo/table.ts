import pc from 'picocolors';
import type { Application } from './applications.ts';
import type { Change } from './fuse.ts';
import { countEqual } from './load.ts';
import type { Measurement } from './measure.ts';
import { count, duration } from './terminal.ts';

export interface Comparison {
  application: Application;
  apart: Measurement;
  fused: Measurement;
  change: Change;
}

/** The failures, and whether every answer is the same before, during and after the fusion. */
export function verdict({ apart, fused, change }: Comparison): {
  failures: string[];
  equal: number;
  requests: number;
  good: boolean;
} {
  const failures = [...apart.run.failures, ...change.failures, ...fused.run.failures];
  const equal = countEqual(apart.run.answers, fused.run.answers) + change.equal;
  const requests = fused.run.durations.length + change.requests;
  return { failures, equal, requests, good: failures.length === 0 && equal === requests };
}

/** The table before/after of one application, at most 80 columns wide. */
export function comparisonTable(comparison: Comparison): string[] {
  const { application, apart, fused, change } = comparison;
  const { equal, requests, good } = verdict(comparison);
  const perSecond = ({ run }: Measurement): string => count(Math.round((run.durations.length / run.elapsed) * 1000));
  const faster = (before: number, after: number): string =>
    pc.green(`${before / after < 10 ? (before / after).toFixed(1) : Math.round(before / after)} times faster`);
  const rows: [string, string, string, string, string][] = [
    ['', 'apart', 'changing', 'fused', ''],
    [
      'time per request',
      duration(apart.perRequest),
      '',
      duration(fused.perRequest),
      faster(apart.perRequest, fused.perRequest),
    ],
    ['time per inner call', duration(apart.perCall), '', duration(fused.perCall), faster(apart.perCall, fused.perCall)],
    ['requests per second', perSecond(apart), '', perSecond(fused), ''],
    ['remote calls', count(apart.remoteCalls), '', count(fused.remoteCalls), ''],
    ['local calls', count(apart.localCalls), '', count(fused.localCalls), ''],
    ['requests', count(apart.run.durations.length), count(change.requests), count(fused.run.durations.length), ''],
    ['failures', count(apart.run.failures.length), count(change.failures.length), count(fused.run.failures.length), ''],
    ['results equal', '', '', good ? 'yes' : 'no', `${count(equal)} of ${count(requests)}`],
  ];
  const lines = rows.map(([name, before, changing, after, note], index) => {
    const line = `  ${name.padEnd(19)}  ${before.padStart(9)}  ${changing.padStart(9)}  ${after.padStart(9)}`;
    return index === 0 ? pc.dim(line) : `${line}  ${note}`.trimEnd();
  });
  return [pc.bold(`${application.name}: ${application.tasks.length} Tasks in ${application.language}`), ...lines];
}
