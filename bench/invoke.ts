import type { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { keepAwake } from './awake.ts';
import { type LoadResult, load, median } from './load.ts';
import { startFloor } from './processes.ts';
import type { Row } from './table.ts';
import { type Runtime, taskZip } from './tasks.ts';

const ROUNDS = 3;
const SECONDS = 2;

/** Numbers of connections and workers. One connection is also measured with the cores kept awake. */
const WAYS = [
  { connections: 1, workers: 1, awake: false },
  { connections: 1, workers: 1, awake: true },
  { connections: 8, workers: 2, awake: false },
];

/** Measures invocations through the server, compared with bare node:http and a pipe to a worker. */
export async function invokeRows(url: string, client: FusionizerClient): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of ['python', 'nodejs'] as Runtime[]) {
    for (const { connections, workers, awake } of WAYS) {
      await client.deploy('answer', await taskZip('answer', runtime, workers), {});
      const floorProcess = await startFloor(runtime, workers);
      const letSleep = awake ? keepAwake() : undefined;
      // Both are warmed up, then measured in turn, so that a slow moment of the machine affects both.
      await load(`${url}/answer`, connections, 1);
      await load(floorProcess.url, connections, 1);
      const floors: LoadResult[] = [];
      const results: LoadResult[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        floors.push(await load(floorProcess.url, connections, SECONDS));
        results.push(await load(`${url}/answer`, connections, SECONDS));
      }
      await letSleep?.();
      await floorProcess.stop();
      rows.push(
        ...toRows(
          `${runtime === 'python' ? 'Python' : 'Node.js'} ${connections}c/${workers}w${awake ? ', cores awake' : ''}`,
          connections,
          middle(floors),
          middle(results),
        ),
      );
    }
    await client.delete('answer');
  }
  return rows;
}

function toRows(label: string, connections: number, floor: LoadResult, result: LoadResult): Row[] {
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  const what = `node:http and a pipe to a worker (${result.tool})`;
  const least = connections === 1 ? 5500 : 9500;
  const rate: Row = {
    name: `invoke, rate: ${label}`,
    unit: '/s',
    value: result.perSecond,
    floor: { what, value: floor.perSecond },
    goal: { text: `${least}/s`, met: result.perSecond >= least },
  };
  if (connections > 1) return [rate];
  return [
    {
      name: `invoke, median: ${label}`,
      unit: 'ms',
      value: result.median,
      floor: { what, value: floor.median },
      goal: { text: '0.17 ms', met: result.median <= 0.17 },
    },
    rate,
  ];
}

function middle(results: readonly LoadResult[]): LoadResult {
  return {
    median: median(results.map((result) => result.median)),
    perSecond: median(results.map((result) => result.perSecond)),
    failures: results.reduce((sum, result) => sum + result.failures, 0),
    tool: results[0]?.tool ?? 'node',
  };
}
