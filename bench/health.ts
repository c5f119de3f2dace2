import { ATTACKS, deployTargets } from '../test/attacks/large/all.ts';
import { request } from '../test/support/server.ts';
import { ServerProcess } from '../test/support/serverProcess.ts';
import type { Row } from './table.ts';

/** In milliseconds. */
const GOAL = 250;

/** How long `/-/health` waits for its answer while a request of at most 1 MiB is served that may take long. */
export async function healthRows(): Promise<Row[]> {
  const ends: (() => Promise<void>)[] = [];
  const server = await ServerProcess.start({ after: (end) => ends.unshift(end) }, 30_000);
  try {
    await deployTargets(server);
    let longest = { what: '', clock: 0, cpu: 0 };
    let turn = { what: '', cpu: 0 };
    for (const { what, method, target, headers = {}, body: make } of Object.values(ATTACKS).flat()) {
      const body = make?.();
      const sent = request(server.url, target, { method, headers, ...(body === undefined ? {} : { body }) });
      const { waits } = await server.during(sent);
      if (waits.clock > longest.clock) longest = { what, ...waits };
      if (waits.cpu > turn.cpu) turn = { what, cpu: waits.cpu };
    }
    const goal = (value: number): NonNullable<Row['goal']> => ({ text: `< ${GOAL} ms`, met: value < GOAL });
    return [
      {
        name: `longest wait for /-/health (${longest.what})`,
        unit: 'ms',
        value: longest.clock,
        goal: goal(longest.clock),
      },
      { name: `longest turn of the event loop (${turn.what})`, unit: 'ms CPU', value: turn.cpu, goal: goal(turn.cpu) },
    ];
  } finally {
    for (const end of ends) await end();
  }
}
