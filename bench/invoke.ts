import type { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { type LoadResult, load, median } from './load.ts';
import { startFloor } from './processes.ts';
import type { Row } from './table.ts';
import { type Runtime, taskZip } from './tasks.ts';

const ROUNDS = 3;
const SECONDS = 2;

/** An invocation through the server, beside bare node:http with a pipe to a worker. */
export async function invokeRows(url: string, client: FusionizerClient): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of ['python', 'nodejs'] as Runtime[]) {
    for (const [connections, workers] of [
      [1, 1],
      [8, 2],
    ] as const) {
      await client.deploy('answer', await taskZip('answer', runtime, workers), {});
      const floorProcess = await startFloor(runtime, workers);
      // Both warm up first; then in turns, so that a slow moment of the machine hits both.
      await load(`${url}/answer`, connections, 1);
      await load(floorProcess.url, connections, 1);
      const floors: LoadResult[] = [];
      const results: LoadResult[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        floors.push(await load(floorProcess.url, connections, SECONDS));
        results.push(await load(`${url}/answer`, connections, SECONDS));
      }
      const [floor, result] = [middle(floors), middle(results)];
      await floorProcess.stop();
      if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
      const label = `${runtime === 'python' ? 'Python' : 'Node.js'}, ${connections} connection${connections > 1 ? 's' : ''}, ${workers} worker${workers > 1 ? 's' : ''} (${result.tool})`;
      const what = 'bare node:http and a pipe to a worker';
      const least = connections === 1 ? 5500 : 9500;
      if (connections === 1)
        rows.push({
          name: `invoke, median: ${label}`,
          unit: 'ms',
          value: result.median,
          floor: { what, value: floor.median },
          goal: { text: '0.17 ms', met: result.median <= 0.17 },
        });
      rows.push({
        name: `invoke, rate: ${label}`,
        unit: '/s',
        value: result.perSecond,
        floor: { what, value: floor.perSecond },
        goal: { text: `${least}/s`, met: result.perSecond >= least },
      });
    }
    await client.delete('answer');
  }
  return rows;
}

function middle(results: readonly LoadResult[]): LoadResult {
  return {
    median: median(results.map((result) => result.median)),
    perSecond: median(results.map((result) => result.perSecond)),
    failures: results.reduce((sum, result) => sum + result.failures, 0),
    tool: results[0]?.tool ?? 'node',
  };
}
