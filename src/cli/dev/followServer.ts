import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { TraceRecord } from '../../shared/api.ts';
import { normalForm } from '../../shared/setup.ts';
import type { DevOutput } from './devOutput.ts';
import type { DevTasks } from './devTasks.ts';
import { OtherClients } from './otherClients.ts';

/**
 * Functions send the records of their calls within a second (docs/architecture.md, Traces); milliseconds until all
 * calls of a request are known.
 */
const CALLS_KNOWN = 1200;

export interface Following {
  /** Resolves when no event can be missed any more. */
  readonly connected: Promise<void>;
  /** Resolves when `signal` is aborted; rejects when the server refuses to send events. */
  readonly ended: Promise<void>;
}

/** Shows logs, requests and what other clients change, as the server reports them, over lost connections. */
export function followServer(
  client: FusionizerClient,
  output: DevOutput,
  tasks: DevTasks,
  signal: AbortSignal,
): Following {
  let isConnected: () => void = () => undefined;
  const connected = new Promise<void>((resolve) => {
    isConnected = resolve;
  });
  const ended = follow(client, output, tasks, signal, () => isConnected());
  // A refusal ends the command, also while it waits to be connected.
  return { connected: Promise.race([connected, ended]), ended };
}

async function follow(
  client: FusionizerClient,
  output: DevOutput,
  tasks: DevTasks,
  signal: AbortSignal,
  connected: () => void,
): Promise<void> {
  let fused = fusedGroups((await client.setup()).actual);
  const others = new OtherClients(tasks, output);
  let isLost = false;
  const callsOf = (request: TraceRecord): void => {
    setTimeout(() => void showCalls(client, output, request, signal), CALLS_KNOWN).unref();
  };
  const names = ['log', 'invocation', 'setup', 'task', 'operation'] as const;
  for await (const event of client.events({ names, signal })) {
    if (event.name === 'connected') {
      connected();
      if (isLost) output.note('Connected to the server again.');
      isLost = false;
    } else if (event.name === 'disconnected') {
      if (!isLost) output.lost(event.error);
      isLost = true;
    } else if (event.name === 'task') others.task(event.data);
    else if (event.name === 'operation') others.operation(event.data);
    else if (event.name === 'log') output.log(event.data.tasks, event.data.record);
    else if (event.name === 'invocation' && event.data.caller === null) {
      output.request(event.data);
      callsOf(event.data);
    } else if (event.name === 'setup') {
      const now = fusedGroups(event.data.actual);
      if (now !== fused) output.setup(event.data.actual);
      fused = now;
    }
  }
}

const fusedGroups = (groups: string[][]): string => normalForm(groups.filter(({ length }) => length > 1));

/** Events are a sample, at most ten a second; the trace of a request has every call. */
async function showCalls(
  client: FusionizerClient,
  output: DevOutput,
  request: TraceRecord,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  // A comfort only: a server that is gone by now is reported by the events.
  const records = await client.traces({ trace: request.trace }).catch(() => []);
  const calls = records.filter(({ caller }) => caller !== null);
  if (calls.length > 0 && !signal.aborted) output.calls(request, calls);
}
