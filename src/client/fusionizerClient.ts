import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  type Health,
  healthSchema,
  type LogRecord,
  logRecordSchema,
  type Operation,
  operationSchema,
  type SetupView,
  setupViewSchema,
  type TaskView,
  type TraceRecord,
  taskViewSchema,
  traceRecordSchema,
} from '../shared/api.ts';
import { type CallsView, callsViewSchema } from '../shared/callApi.ts';
import * as views from '../shared/environments.ts';
import { HEADERS } from '../shared/headers.ts';
import { type ScheduleUpdate, type ScheduleView, scheduleViewSchema } from '../shared/scheduleApi.ts';
import type { Setup } from '../shared/setupApi.ts';
import * as recorded from '../shared/traceApi.ts';
import { cancellable } from './cancellable.ts';
import type {
  CallOptions,
  DeployOptions,
  Invocation,
  InvocationAnswer,
  LogOptions,
  OperationOptions,
  SetupOptions,
  TraceOptions,
  TracePage,
} from './clientOptions.ts';
import { ClientError } from './errors.ts';
import { type EventOptions, followEvents, type ServerEvent } from './events.ts';
import { escapePath, fromWire, headersFromWire, toWire } from './headerText.ts';
import { lines } from './lines.ts';
import { multipartFile } from './multipart.ts';
import { operationPath, queryOf, taskPath, tracePath } from './paths.ts';
import { type ApiRequest, Transport, type Wording } from './transport.ts';

export type * from './clientOptions.ts';

/**
 * The typed client of a Fusionizer server's HTTP API. Every method throws a ClientError if the server refuses the
 * request or fails, and a ServerUnreachableError if there is no server.
 */
export class FusionizerClient {
  readonly #transport: Transport;

  /**
   * @param baseUrl e.g. `http://127.0.0.1:8000`
   * @param options `wording` rewords what the server says, but no answer of a Task
   */
  constructor(baseUrl: string | URL, options: { token?: string | undefined; wording?: Wording | undefined } = {}) {
    this.#transport = new Transport(new URL(baseUrl), options.token, options.wording);
  }

  /** The address of a page, with the token in it, for this person's browser: it is no address to show or to keep. */
  pageAddress(path: string): string {
    return this.#transport.addressWithToken(path);
  }

  health(options: { signal?: AbortSignal | undefined } = {}): Promise<Health> {
    return this.#transport.json(healthSchema, { method: 'GET', path: '/-/health', signal: options.signal });
  }

  tasks(): Promise<TaskView[]> {
    return this.#transport.json(z.array(taskViewSchema), { method: 'GET', path: '/-/tasks' });
  }

  task(name: string): Promise<TaskView> {
    return this.#transport.json(taskViewSchema, { method: 'GET', path: taskPath(name) });
  }

  /** Deploys or redeploys a Task from a zip. Resolves with the operation when the Task serves. */
  async deploy(
    name: string,
    zip: Uint8Array,
    { source, replace, force, ...options }: DeployOptions = {},
  ): Promise<Operation> {
    const { type, body } = multipartFile('zip_file', 'task.zip', zip);
    return this.#operate(options, {
      method: 'PUT',
      path: `/${encodeURIComponent(name)}`,
      headers: {
        'Content-Type': type,
        // Headers are Latin-1, but a path can be any text.
        ...(source === undefined ? {} : { [HEADERS.source]: encodeURIComponent(source) }),
        ...(replace ? { [HEADERS.replace]: 'true' } : {}),
        ...(force ? { [HEADERS.force]: 'true' } : {}),
      },
      body,
    });
  }

  /** Deletes a Task. The rest of its group keeps serving. */
  delete(name: string, options: OperationOptions = {}): Promise<Operation> {
    return this.#operate(options, { method: 'DELETE', path: `/${encodeURIComponent(name)}` });
  }

  /**
   * Sends an event to a Task, and returns the handler's answer, whatever its status.
   * @throws ClientError if the event did not reach a handler, e.g. `not-found`
   */
  async invoke(
    task: string,
    { method = 'POST', path = '/', headers = {}, body, signal }: Invocation = {},
  ): Promise<InvocationAnswer> {
    const response = await this.#transport.send({
      method,
      path: `${taskPath(task)}/invoke${path.startsWith('/') || path.startsWith('?') ? '' : '/'}${escapePath(path)}`,
      headers: { Accept: '*/*', ...toWire(headers) },
      body,
      signal,
    });
    const status = response.statusCode ?? 0;
    const content = await this.#transport.body(response);
    const trace = response.headers['fusionizer-trace-id'];
    // Only answers of functions have a trace.
    if (typeof trace !== 'string') throw this.#transport.errorOf(status, response.headers, content.toString());
    const statusText = fromWire(response.statusMessage ?? '');
    return { status, statusText, headers: headersFromWire(response.headers), body: content, trace };
  }

  setup(): Promise<SetupView> {
    return this.#transport.json(setupViewSchema, { method: 'GET', path: '/-/setup' });
  }

  /** Replaces the whole setup: Tasks that it does not name become single. Resolves when the setup is reached. */
  putSetup(setup: Setup, options: SetupOptions = {}): Promise<SetupView> {
    return this.#changeSetup('PUT', setup, options);
  }

  /**
   * Makes these groups and leaves the others as they are. A group of one takes its Task out of its group. Resolves when
   * the setup is reached.
   */
  patchSetup(groups: Setup, options: SetupOptions = {}): Promise<SetupView> {
    return this.#changeSetup('PATCH', groups, options);
  }

  schedule(): Promise<ScheduleView> {
    return this.#transport.json(scheduleViewSchema, { method: 'GET', path: '/-/schedule' });
  }

  updateSchedule(update: ScheduleUpdate): Promise<ScheduleView> {
    return this.#transport.json(scheduleViewSchema, {
      method: 'PUT',
      path: '/-/schedule',
      headers: JSON_BODY,
      body: JSON.stringify(update),
    });
  }

  /** The kept log records of a Task, or of all Tasks and the server itself; newest last. */
  async logs(task?: string | undefined, options: LogOptions = {}): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const record of this.#readLogs(task, { ...options, follow: false })) records.push(record);
    return records;
  }

  /**
   * Log records as `logs` has them, then new ones as they come, until `signal` is aborted or the server ends the
   * answer.
   */
  async *followLogs(
    task?: string | undefined,
    options: LogOptions & { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<LogRecord, void, void> {
    try {
      yield* this.#readLogs(task, { ...options, follow: true });
    } catch (error) {
      if (!options.signal?.aborted) throw error;
    }
  }

  async traces(options: TraceOptions = {}): Promise<TraceRecord[]> {
    return (await this.tracePage(options)).records;
  }

  /** The newest recorded invocations and calls that fit, and where older ones begin. */
  async tracePage(options: TraceOptions = {}): Promise<TracePage> {
    const path = `/-/traces${queryOf({ ...options })}`;
    const response = await this.#transport.ok({ method: 'GET', path });
    const cursor = response.headers[HEADERS.cursor.toLowerCase()];
    const text = String(await this.#transport.body(response));
    const records = this.#transport.parse(z.array(traceRecordSchema), text, `GET ${path}`);
    return { records, cursor: typeof cursor === 'string' ? cursor : undefined };
  }

  /** All spans of a trace, with requests and answers. The first characters of its id are enough. */
  trace(id: string): Promise<recorded.TraceView> {
    return this.#transport.json(recorded.traceViewSchema, { method: 'GET', path: tracePath(id) });
  }

  /** Sends a recorded request again, edited or as it was, and compares the answers. */
  replay(
    id: string,
    edits: recorded.ReplayRequest = {},
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<recorded.ReplayView> {
    const [path, body] = [`${tracePath(id)}/replay`, JSON.stringify(edits)];
    return this.#transport.json(recorded.replayViewSchema, { method: 'POST', path, headers: JSON_BODY, body, signal });
  }

  /** Who calls whom, how often and how long it takes. */
  calls(options: CallOptions = {}): Promise<CallsView> {
    return this.#transport.json(callsViewSchema, { method: 'GET', path: `/-/calls${queryOf({ ...options })}` });
  }

  /** What build commands installed, and what it takes on the disk. */
  environments(): Promise<views.EnvironmentsView> {
    return this.#transport.json(views.environmentsViewSchema, { method: 'GET', path: '/-/environments' });
  }

  /** Removes what build commands installed and no function uses; with `cache` also what was downloaded. */
  prune({ cache = false }: { cache?: boolean } = {}): Promise<views.PruneView> {
    const path = `/-/environments${queryOf({ cache: cache ? 'true' : undefined })}`;
    return this.#transport.json(views.pruneViewSchema, { method: 'DELETE', path });
  }

  operation(id: string): Promise<Operation> {
    return this.#transport.json(operationSchema, { method: 'GET', path: operationPath(id) });
  }

  /** Cancels a running operation. An operation that has ended stays as it is. */
  cancelOperation(id: string): Promise<Operation> {
    return this.#transport.json(operationSchema, { method: 'DELETE', path: operationPath(id) });
  }

  /** Changes on the server as they happen, across lost connections. See ServerEvent. */
  events(options: EventOptions = {}): AsyncGenerator<ServerEvent, void, void> {
    return followEvents(this.#transport, options);
  }

  async *#readLogs(
    task: string | undefined,
    {
      level,
      trace,
      since,
      lines: count,
      ...options
    }: LogOptions & { follow: boolean; signal?: AbortSignal | undefined },
  ): AsyncGenerator<LogRecord, void, void> {
    const { follow, signal } = options;
    const query = queryOf({ level, trace, since, lines: count, follow: follow || undefined });
    const path = `${task === undefined ? '/-' : taskPath(task)}/logs${query}`;
    const response = await this.#transport.ok({ method: 'GET', path, signal });
    for await (const line of lines(this.#transport.chunks(response)))
      yield this.#transport.parse(logRecordSchema, line, 'a log record');
  }

  async #changeSetup(
    method: 'PUT' | 'PATCH',
    setup: Setup,
    { ifRevision, ...options }: SetupOptions,
  ): Promise<SetupView> {
    const revision = ifRevision === undefined ? {} : { 'If-Match': `"${ifRevision}"` };
    const body = JSON.stringify(setup);
    const path = '/-/setup';
    const text = await this.#start(options, { method, path, headers: { ...JSON_BODY, ...revision }, body });
    return this.#transport.parse(setupViewSchema, text, `${method} ${path}`);
  }

  async #operate(options: OperationOptions, request: StartingRequest): Promise<Operation> {
    const operation = options.operation ?? randomUUID();
    await this.#start({ ...options, operation }, request);
    return this.operation(operation);
  }

  /** Sends a request that starts an operation, and returns its answer. */
  #start(
    { operation: id = randomUUID(), signal: cancelled }: OperationOptions,
    request: StartingRequest,
  ): Promise<string> {
    return cancellable(
      cancelled,
      (signal, sent) =>
        this.#transport.text({ ...request, headers: { ...request.headers, [HEADERS.operation]: id }, signal, sent }),
      () => this.cancelOperation(id).then(() => true, isUnknown),
    );
  }
}

type StartingRequest = Pick<ApiRequest, 'method' | 'path' | 'headers' | 'body'>;

const JSON_BODY = { 'Content-Type': 'application/json' };

/** For `catch`: returns false if the server does not know the operation (yet), and rethrows any other error. */
function isUnknown(error: unknown): false {
  if (error instanceof ClientError && error.code === 'not-found') return false;
  throw error;
}
