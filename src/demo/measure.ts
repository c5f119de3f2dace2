import { setTimeout as sleep } from 'node:timers/promises';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import type { TraceRecord } from '../shared/api.ts';
import type { Application } from './applications.ts';
import { type Run, sendRecords } from './load.ts';

/** Functions send their records within a second. */
const LONGEST_WAIT = 4000;

export interface Measurement {
  readonly run: Run;
  /** Medians in milliseconds. */
  readonly perRequest: number;
  readonly perCall: number;
  readonly localCalls: number;
  readonly remoteCalls: number;
}

/** Sends all records of an application, and reads the calls of its Tasks from the server's traces. */
export async function measure(
  client: FusionizerClient,
  application: Application,
  progress: () => void,
): Promise<Measurement> {
  const run = await sendRecords(client, application, progress);
  const calls = await callsOf(client, run, run.durations.length * application.callsPerRequest);
  return {
    run,
    perRequest: median(run.durations),
    perCall: median(calls.map(({ duration }) => duration)),
    localCalls: calls.filter(({ local }) => local).length,
    remoteCalls: calls.filter(({ local }) => !local).length,
  };
}

/** The calls of the run's requests. Waits until the functions have sent their records. */
async function callsOf(client: FusionizerClient, run: Run, expected: number): Promise<TraceRecord[]> {
  const deadline = Date.now() + LONGEST_WAIT;
  while (true) {
    const traces = await client.traces();
    const calls = traces.filter((record) => record.caller !== null && run.traces.has(record.trace));
    if (calls.length >= expected || Date.now() > deadline) return calls;
    await sleep(200);
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
