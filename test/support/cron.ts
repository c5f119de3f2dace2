import type { TraceRecord } from '../../src/shared/api.ts';
import type { Files, TestServer } from './server.ts';
import { type Runtime, saying } from './tasks.ts';

/** A cron trigger in one line of YAML. */
export const every = (interval: string): string => `{tick: {kind: cron, attributes: {interval: ${interval}}}}`;

/** A Task that ticks, and does nothing else. */
export function ticking(interval: string, runtime: Runtime = 'nodejs'): Files {
  return saying('x', runtime, `  triggers: ${every(interval)}\n`);
}

/** The cron events of a Task in their order: nothing else invokes it in these tests. */
export async function ticksOf(server: TestServer, name: string): Promise<TraceRecord[]> {
  return (await server.request(`/-/traces?task=${name}`))
    .json<TraceRecord[]>()
    .filter((record) => record.callee === name);
}
