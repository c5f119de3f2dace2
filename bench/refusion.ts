import type { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { load, median } from './load.ts';
import type { Row } from './table.ts';
import { taskZip } from './tasks.ts';

const ROUNDS = 6;

/**
 * Counts the requests that fail while Tasks are fused and split under load, and measures a request with one inner call,
 * apart and fused.
 */
export async function refusionRow(url: string, client: FusionizerClient): Promise<Row[]> {
  await client.deploy('caller', await taskZip('call', 'python', 1), {});
  await client.deploy('callee', await taskZip('answer', 'python', 1), {});
  const request = async (): Promise<number> => {
    const began = performance.now();
    const answer = await client.invoke('caller', { body: '{"n": 7}', headers: { 'Content-Type': 'application/json' } });
    return answer.status === 200 && answer.body.toString() === '{"n": 7}' ? performance.now() - began : Number.NaN;
  };
  let failures = 0;
  let requests = 0;
  let running = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (running) {
      requests += 1;
      if (Number.isNaN(await request().catch(() => Number.NaN))) failures += 1;
    }
  });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await client.putSetup(round % 2 === 0 ? [['caller', 'callee']] : []);
    times.push(performance.now() - began);
  }
  running = false;
  await Promise.all(clients);
  await load(`${url}/caller`, 1, 1);
  const apart = await load(`${url}/caller`, 1, 3);
  await client.putSetup([['caller', 'callee']]);
  await load(`${url}/caller`, 1, 1);
  const fused = await load(`${url}/caller`, 1, 3);
  return [
    {
      name: `failing requests of ${requests} during ${ROUNDS} re-fusions under load`,
      unit: '',
      value: failures,
      goal: { text: '0', met: failures === 0 },
    },
    { name: 'a re-fusion under load', unit: 'ms', value: median(times) },
    {
      name: 'request with one inner call, fused',
      unit: 'ms',
      value: fused.median,
      floor: { what: 'the same request, apart', value: apart.median },
    },
  ];
}
