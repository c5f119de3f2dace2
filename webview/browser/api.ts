import type { LogRecord, SetupView, TaskView, TraceRecord } from '../../src/shared/api.ts';
import type { CallsView } from '../../src/shared/callApi.ts';
import type { ScheduleUpdate, ScheduleView } from '../../src/shared/scheduleApi.ts';
import type { ReplayView, TraceView } from '../../src/shared/traceApi.ts';

/** The server's HTTP API, as a page that it serves uses it: the browser sends the token's cookie by itself. */

/** @throws Error with the server's own words */
async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const init =
    body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...init }).catch(() => {
    throw new Error('The server does not answer: is it still running?');
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
  throw new Error(problem?.detail ?? `The server answers with ${response.status} ${response.statusText}`);
}

const read = async <T>(path: string): Promise<T> => (await send('GET', path)).json() as Promise<T>;

export interface InvocationFilter {
  readonly task?: string;
  readonly status?: string;
  readonly min?: string;
}

export const api = {
  trace: (id: string): Promise<TraceView> => read(`/-/traces/${encodeURIComponent(id)}`),

  /** The newest invocations from outside, the newest first. */
  async invocations(filter: InvocationFilter, limit: number): Promise<TraceRecord[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
    const query = new URLSearchParams([...given, ['outer', 'true'], ['limit', String(limit)]] as [string, string][]);
    return (await read<TraceRecord[]>(`/-/traces?${query}`)).reverse();
  },

  async logs(trace: string): Promise<LogRecord[]> {
    const text = await (await send('GET', `/-/logs?trace=${encodeURIComponent(trace)}`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogRecord);
  },

  calls: (filter: { readonly window: number | undefined; readonly setup: string | undefined }): Promise<CallsView> => {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    return read(`/-/calls?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`);
  },

  tasks: (): Promise<TaskView[]> => read('/-/tasks'),

  schedule: (): Promise<ScheduleView> => read('/-/schedule'),

  updateSchedule: async (update: ScheduleUpdate): Promise<ScheduleView> =>
    (await send('PUT', '/-/schedule', update)).json() as Promise<ScheduleView>,

  setup: (): Promise<SetupView> => read('/-/setup'),

  /** Makes these groups and leaves the others as they are. */
  patchSetup: async (groups: readonly (readonly string[])[]): Promise<SetupView> =>
    (await send('PATCH', '/-/setup', groups)).json() as Promise<SetupView>,

  replay: async (trace: string, span: string): Promise<ReplayView> =>
    (await send('POST', `/-/traces/${encodeURIComponent(trace)}/replay`, { span })).json() as Promise<ReplayView>,

  /** Where a Task comes from, in words: a page in a browser cannot open the file. */
  async sourceWords(task: string): Promise<string> {
    const { source } = await read<TaskView>(`/-/tasks/${encodeURIComponent(task)}`);
    return source === null ? `Nobody said where ${task} comes from.` : `${task} is in ${source}`;
  },
};

/**
 * Calls back for events of the server, across lost connections.
 * @param names of the events, see `GET /-/events`
 * @param changed also with `reset`, where events were missed
 */
export function follow(names: readonly string[], changed: () => void): void {
  const source = new EventSource(`/-/events?names=${names.join()}`);
  for (const name of [...names, 'reset']) source.addEventListener(name, changed);
}
