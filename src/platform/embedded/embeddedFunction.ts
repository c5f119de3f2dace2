import { performance } from 'node:perf_hooks';
import { type FunctionConfig, parseGoDuration, type Trigger } from '../../core/functionYaml.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { timerDelay } from '../../core/timerDelay.ts';
import type { Crash, LogLevel, LogRecord, TaskState } from '../../shared/api.ts';
import type { EventMeta } from '../../shared/wire.ts';
import type { CronEvent, FunctionEvent, FunctionPackage, FunctionResponse, InFlightEvent, PlatformFunction } from '../platform.ts';
import { BusyState } from './busyWatch.ts';
import { allowsOrigin, answerCors, type Cors, readCors } from './cors.ts';
import { answerHeaders, canonicalHeaders, normalisePath, queryFields, toBytes } from './nuclioHttp.ts';
import { type KillReason, WorkerEndedError } from './workerEnd.ts';
import type { WorkerLog } from './workerMessages.ts';
import { type Lease, WorkerPool } from './workerPool.ts';
import type { WorkerProcess, WorkerResponse } from './workerProcess.ts';

/** Nuclio's defaults (facts of the http trigger). */
const DEFAULT_WAIT = 10_000;
const DEFAULT_MAX_BODY = 4 * 1024 * 1024;
/** Nuclio leaves X-Nuclio-Logs out from this size on, in bytes. */
const MAX_LOGS_HEADER = 4096;
/** No crash: the time-out itself keeps such ends apart. */
const TIMED_OUT: KillReason = { what: 'ended', how: 'its event took longer than spec.eventTimeout', crash: false };
/** How the Dispatchers begin the answer for an exception, as Nuclio's wrappers do; and in how many bytes that is. */
const EXCEPTION = /^(Exception caught in handler - |Error in handler: )/;
const EXCEPTION_HEAD = 32;
/** What a function that is replaced gives events that nobody waits for any more, in milliseconds. */
const ABANDONED_GRACE = 10_000;
const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Of every answer of a Nuclio processor. */
const OWN_HEADERS = ['Server', 'nuclio'];

export interface EmbeddedFunctionOptions {
  functionPackage: FunctionPackage;
  startWorker(id: number): Promise<WorkerProcess>;
  log(record: LogRecord): void;
  /** It got into a crash loop, or out of it. */
  stateChanged(): void;
  /** Its workers are gone, by a retire or a kill: ends what they left running. */
  gone(): Promise<void>;
}

/** A function that runs in worker processes, behind what Nuclio's http trigger does. */
export class EmbeddedFunction implements PlatformFunction {
  readonly name: string;
  readonly group: readonly string[];
  readonly maxBody: number;
  readonly #options: EmbeddedFunctionOptions;
  readonly #pool: WorkerPool;
  readonly #trigger: { kind: string; name: string };
  readonly #timeout: number | undefined;
  readonly #busy = new BusyState();
  /** Monotonic, in milliseconds. */
  #retiredAt: number | undefined;
  readonly #cors: Cors | undefined;

  constructor(options: EmbeddedFunctionOptions) {
    const { config } = options.functionPackage;
    const [key, http] = httpTrigger(config);
    this.name = options.functionPackage.name;
    this.group = options.functionPackage.group;
    this.#options = options;
    this.#trigger = { kind: 'http', name: key };
    this.#cors = readCors(http);
    this.#timeout = config.spec?.eventTimeout === undefined ? undefined : timerDelay(parseGoDuration(config.spec.eventTimeout) ?? Number.POSITIVE_INFINITY);
    const maxBody = http?.attributes?.['maxRequestBodySize'];
    this.maxBody = typeof maxBody === 'number' || typeof maxBody === 'string' ? parseQuantity(maxBody) || DEFAULT_MAX_BODY : DEFAULT_MAX_BODY;
    const wait = http?.workerAvailabilityTimeoutMilliseconds ?? DEFAULT_WAIT;
    this.#pool = new WorkerPool(
      {
        size: workersOf(config),
        wait: wait < 0 ? DEFAULT_WAIT : timerDelay(wait),
        start: options.startWorker,
        report: (level, message) => this.#say(level, message),
        stateChanged: options.stateChanged,
      },
      () => this,
    );
  }

  get state(): TaskState {
    return this.#pool.crash === undefined ? 'ready' : 'crash-loop';
  }

  get crash(): Crash | undefined {
    return this.#pool.crash;
  }

  get restarts(): number {
    return this.#pool.restarts;
  }

  get waiting(): number {
    return this.#pool.waiting;
  }

  get busySince(): number | undefined {
    return this.#busy.since;
  }

  /** @param now monotonic, in milliseconds */
  look(now: number): void {
    if (this.#busy.look(this.#pool.events, now)) this.#options.stateChanged();
    if (this.#retiredAt !== undefined && now - this.#retiredAt >= ABANDONED_GRACE) this.#pool.endAbandoned();
  }

  get workers(): number {
    return this.#pool.size;
  }

  allowsOrigin(origin: string): boolean {
    return this.#cors !== undefined && allowsOrigin(this.#cors, origin);
  }

  start(): Promise<void> {
    return this.#pool.start();
  }

  async retire(): Promise<void> {
    this.#retiredAt = performance.now();
    await this.#pool.drain();
    await this.#options.gone();
  }

  /** Removes the function; events that still run fail. */
  async close(why: KillReason): Promise<void> {
    await this.#pool.close(why);
    await this.#options.gone();
  }

  async invoke(event: FunctionEvent, inFlight: InFlightEvent): Promise<FunctionResponse> {
    const headers = canonicalHeaders(event.headers);
    const query = event.target.indexOf('?');
    const path = normalisePath(query < 0 ? event.target : event.target.slice(0, query));
    if (path.startsWith('/__internal/health')) return { status: 200, headers: [...OWN_HEADERS], body: '', cold: false };
    const cors = this.#cors === undefined ? undefined : answerCors(this.#cors, event.method, headers);
    if (cors?.answer) return { ...cors.answer, headers: [...OWN_HEADERS, ...cors.answer.headers], cold: false };
    const lease = this.#pool.take(inFlight) ?? (await this.#pool.wait(inFlight));
    if (lease === undefined) return { status: 503, headers: [...OWN_HEADERS], body: '', cold: false };
    const cold = !lease.worker.warm;
    lease.worker.warm = true;
    const meta: EventMeta = {
      id: eventId(event),
      method: event.method,
      path,
      fields: query < 0 ? {} : queryFields(event.target.slice(query + 1)),
      headers,
      content_type: headers['Content-Type'] ?? '',
      timestamp: Math.floor(Date.now() / 1000),
      trigger: this.#trigger,
      worker_id: String(lease.worker.id),
    };
    const response = await this.#run(lease, meta, event);
    const answer: string[] = [...OWN_HEADERS];
    if (cors) answer.push(...cors.headers);
    const level = headers['X-Nuclio-Log-Level'];
    // A local callee's records belong to its own answer, as a remote one's do.
    const isOwn = (record: WorkerLog): boolean => record.task === null || record.task === event.task;
    const logs = level === undefined ? undefined : logsHeader(response.logs.filter(isOwn), level, this.#trigger.name);
    answer.push(...answerHeaders(response.headers, logs));
    if (response.contentType !== '') answer.push('Content-Type', toBytes(response.contentType));
    return { status: response.status, headers: answer, body: response.body, cold };
  }

  /** What a handler sees of it is by Nuclio 1.14's cron trigger: no content type, time 0. It shares the workers of the http trigger. */
  async tick(event: CronEvent, inFlight: InFlightEvent): Promise<FunctionResponse> {
    const lease = this.#pool.take(inFlight) ?? (await this.#pool.wait(inFlight));
    if (lease === undefined) return { status: 503, headers: [], body: '', cold: false };
    const cold = !lease.worker.warm;
    lease.worker.warm = true;
    const { method, path, headers, trigger } = event;
    const source = { kind: 'cron', name: trigger };
    const worker = String(lease.worker.id);
    const rest = { fields: {}, content_type: '', timestamp: 0, trigger: source, worker_id: worker };
    const { status, body } = await this.#run(lease, { id: eventId(event), method, path, headers, ...rest }, event);
    return { status, headers: [], body, cold };
  }

  /** One event on one worker. Its death and its time-out are answers too: 500 and 408. */
  async #run(lease: Lease, meta: EventMeta, event: FunctionEvent | CronEvent): Promise<WorkerResponse> {
    const { worker } = lease;
    let timedOut = false;
    const timer =
      this.#timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            this.#say('error', `The event took longer than spec.eventTimeout: worker ${worker.id} is ended`, event.task, event.trace);
            worker.kill(TIMED_OUT);
          }, this.#timeout);
    try {
      return this.#withSources(await worker.run(JSON.stringify(meta), event.body));
    } catch (error) {
      if (timedOut) return plain(408, '{"error": "handler timed out"}', 'application/json');
      if (!(error instanceof WorkerEndedError)) throw error;
      const { what, how } = error.end;
      this.#say('error', `Worker ${worker.id} ${what} while it ran an event: ${how}`, event.task, event.trace);
      return plain(500, `The worker ${what} while it ran this event (${how}); the function's log may say more`, 'text/plain');
    } finally {
      clearTimeout(timer);
      this.#pool.release(lease);
    }
  }

  /** Of the traceback that an exception is answered with. Other answers are the handler's own, byte for byte. */
  #withSources(response: WorkerResponse): WorkerResponse {
    if (response.status !== 500 || !EXCEPTION.test(response.body.toString('latin1', 0, EXCEPTION_HEAD))) return response;
    return { ...response, body: Buffer.from(this.#options.functionPackage.sourcePaths(response.body.toString())) };
  }

  #say(level: LogLevel, message: string, task: string | null = null, trace: string | null = null): void {
    this.#options.log({ time: Date.now(), level, message, with: {}, task, function: this.name, trace, stream: 'log' });
  }
}

/** How many workers a function has. As Nuclio: 0 means the deprecated maxWorkers, and without that one worker. */
export function workersOf(config: FunctionConfig): number {
  const [, http] = httpTrigger(config);
  return http?.numWorkers || http?.maxWorkers || 1;
}

export function httpTrigger(config: FunctionConfig): [key: string, trigger: Trigger | undefined] {
  const found = Object.entries(config.spec?.triggers ?? {}).find(([, trigger]) => trigger.kind === 'http');
  return found ?? ['default-http', undefined];
}

function plain(status: number, text: string, contentType: string): WorkerResponse {
  return { status, contentType, headers: {}, body: Buffer.from(text), logs: [] };
}

/** A UUID made of the trace and span ids: unique without drawing random numbers for each event. Versioned as 4, as Nuclio's are. */
function eventId({ trace, span }: FunctionEvent | CronEvent): string {
  return `${trace.slice(0, 8)}-${trace.slice(24, 28)}-4${trace.slice(29, 32)}-a${span.slice(1, 4)}-${span.slice(4)}`;
}

/**
 * Nuclio's X-Nuclio-Logs: records from `level` on, extra fields flattened; an unknown level means debug.
 * @returns undefined when it is too long
 */
export function logsHeader(logs: readonly WorkerLog[], level: string, trigger: string): string | undefined {
  const least = Math.max(0, LEVELS.indexOf(level.toLowerCase() as LogLevel));
  const records = logs
    .filter((record) => LEVELS.indexOf(record.level) >= least)
    .map((record) => ({ level: record.level, time: record.time, name: trigger, message: record.message, ...record.with }));
  // Headers are bytes: what is beyond ASCII is escaped as JSON has it.
  const header = JSON.stringify(records).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return header.length < MAX_LOGS_HEADER ? header : undefined;
}
