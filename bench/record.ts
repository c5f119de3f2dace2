import { FusionizerClient } from '../src/client/fusionizerClient.ts';
import { load, median } from './load.ts';
import { startServer } from './processes.ts';
import type { Row } from './table.ts';
import { type Runtime, taskZip } from './tasks.ts';

const ROUNDS = 15;
const SECONDS = 1;
const CONNECTIONS = 8;
const WORKERS = 2;
/** How much of the rate recording may cost. */
const GOAL = 0.1;

/**
 * Measures what recording traces with requests and answers costs: two servers, one that records and one that does not,
 * in turn. A slow moment of the machine affects both, so that the median of the rounds' ratios is compared.
 */
export async function recordRows(): Promise<Row[]> {
  const recording = await startServer(['--record', 'all']);
  const other = await startServer(['--record', 'none']);
  try {
    const rows: Row[] = [];
    for (const runtime of ['python', 'nodejs'] as Runtime[]) rows.push(await row(runtime, recording.url, other.url));
    return rows;
  } finally {
    await recording.stop();
    await other.stop();
  }
}

async function row(runtime: Runtime, recording: string, other: string): Promise<Row> {
  for (const url of [recording, other]) {
    await new FusionizerClient(url).deploy('answer', await taskZip('answer', runtime, WORKERS), {});
    await load(`${url}/answer`, CONNECTIONS, 1);
  }
  const rates: { recording: number; other: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0;
    const one = await rate(first ? recording : other);
    const two = await rate(first ? other : recording);
    rates.push(first ? { recording: one, other: two } : { recording: two, other: one });
  }
  for (const url of [recording, other]) await new FusionizerClient(url).delete('answer');
  const cost = 1 - median(rates.map((pair) => pair.recording / pair.other));
  return {
    name: `invoke, rate: ${runtime === 'python' ? 'Python' : 'Node.js'} ${CONNECTIONS}c/${WORKERS}w, recorded`,
    unit: '/s',
    value: median(rates.map((pair) => pair.recording)),
    floor: { what: 'the same with --record none', value: median(rates.map((pair) => pair.other)) },
    goal: { text: `costs at most ${GOAL * 100} % (${(cost * 100).toFixed(1)} %)`, met: cost <= GOAL },
  };
}

async function rate(url: string): Promise<number> {
  const { perSecond, failures } = await load(`${url}/answer`, CONNECTIONS, SECONDS);
  if (failures > 0) throw new Error(`${failures} requests failed`);
  return perSecond;
}
