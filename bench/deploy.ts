import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { packageRoot } from '../src/shared/packageRoot.ts';
import { median } from './load.ts';
import type { Row } from './table.ts';
import { type Runtime, taskZip } from './tasks.ts';

const ROUNDS = 9;

/**
 * Measures from sending the zip to the first answer of the new version, including the server's fsync. The floor starts
 * the same interpreter and loads the SDK.
 */
export async function deployRows(client: FusionizerClient): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of ['python', 'nodejs'] as Runtime[]) {
    const times: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const zip = await taskZip('answer', runtime, 1, `round ${round}`);
      const began = performance.now();
      await client.deploy('answer', zip, {});
      const answer = await client.invoke('answer', {
        body: '{"n": 1}',
        headers: { 'Content-Type': 'application/json' },
      });
      times.push(performance.now() - began);
      if (answer.status !== 200) throw new Error(`the deployed Task answered ${answer.status}: ${answer.body}`);
      floors.push(startOnce(runtime));
    }
    await client.delete('answer');
    const value = median(times) / 1000;
    rows.push({
      name: `deploy to first answer, ${runtime === 'python' ? 'Python' : 'Node.js'}`,
      unit: 's',
      value,
      floor: { what: 'start of the interpreter with its SDK', value: median(floors) / 1000 },
      goal: { text: '0.15 s', met: value <= 0.15 },
    });
  }
  return rows;
}

function startOnce(runtime: Runtime): number {
  const began = performance.now();
  const vendor = path.join(packageRoot(), 'dispatcher', 'python', 'vendor');
  const result =
    runtime === 'python'
      ? spawnSync('python3', ['-c', `import sys; sys.path.append(${JSON.stringify(vendor)}); import nuclio_sdk`])
      : spawnSync(process.execPath, ['-e', '0']);
  if (result.status !== 0) throw new Error(String(result.stderr));
  return performance.now() - began;
}
