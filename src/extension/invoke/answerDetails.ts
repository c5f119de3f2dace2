import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { LogRecord, TraceRecord } from '../../shared/api.ts';
import type { AnswerDetails } from './answer.ts';

/**
 * Milliseconds before each request for details. Functions report their calls in batches, at least once a second.
 */
const DELAYS = [20, 200, 400, 600, 600];
/** Printed output reaches the server by another way than the answer and may come this many milliseconds later. */
const LATE_PRINT = 100;

type Source = Pick<FusionizerClient, 'traces' | 'logs'>;

/** Yields the calls and logs of an invocation whenever more are known; ends when no more can be expected. */
export async function* followDetails(
  client: Source,
  task: string,
  trace: string,
  delays: readonly number[] = DELAYS,
): AsyncGenerator<AnswerDetails, void, void> {
  let known: AnswerDetails | undefined;
  for (const wait of delays) {
    await delay(wait);
    const now = await readDetails(client, task, trace);
    if (isDeepStrictEqual(known, now)) continue;
    known = now;
    yield now;
  }
}

async function readDetails(client: Source, task: string, trace: string): Promise<AnswerDetails> {
  const calls = (await client.traces({ trace })).sort((one, other) => one.start - other.start);
  const root = calls.findLast(({ caller, callee }) => caller === null && callee === task);
  const tasks = new Set([task, ...calls.map(({ callee }) => callee)]);
  const records = await Promise.all([...tasks].map((name) => client.logs(name).catch(() => [])));
  return { group: root?.group, calls, logs: ofTrace(withoutRepeats(records), trace, root) };
}

/** The output of a function is in the logs of all its Tasks. */
function withoutRepeats(logs: readonly (readonly LogRecord[])[]): LogRecord[] {
  const seen = new Set<string>();
  return logs.flatMap((records) => {
    const fresh = records.filter((record) => !seen.has(JSON.stringify(record)));
    for (const record of fresh) seen.add(JSON.stringify(record));
    return fresh;
  });
}

/** Printed output has no trace id, so all that was printed during the invocation counts. */
function ofTrace(records: readonly LogRecord[], trace: string, root: TraceRecord | undefined): LogRecord[] {
  const meanwhile = ({ time }: LogRecord): boolean =>
    root !== undefined && time >= Math.floor(root.start) && time <= root.start + root.duration + LATE_PRINT;
  return records
    .filter(
      (record) => record.trace === trace || (record.trace === null && record.stream !== 'log' && meanwhile(record)),
    )
    .sort((one, other) => one.time - other.time);
}
