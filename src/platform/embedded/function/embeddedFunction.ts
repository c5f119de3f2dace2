import { performance } from 'node:perf_hooks';
import type { Crash, LogLevel, LogRecord, TaskState } from '../../../shared/api.ts';
import { timerDelay } from '../../../shared/timerDelay.ts';
import type { EventMeta } from '../../../shared/wire.ts';
import { parseGoDuration } from '../../../task/goDuration.ts';
import { NUCLIO_DEFAULTS } from '../../../task/yaml/nuclioDefaults.ts';
import { maxBodyOf } from '../../../task/yaml/quantity.ts';
import type {
  FunctionEvent,
  FunctionPackage,
  FunctionResponse,
  InFlightEvent,
  Load,
  PlatformFunction,
  TriggerEvent,
} from '../../platform.ts';
import type { SourcePaths } from '../../sourcePaths.ts';
import type { EmbeddedTimes } from '../embeddedTimes.ts';
import { BusyState } from '../workers/busyWatch.ts';
import type { WorkerBudget } from '../workers/workerBudget.ts';
import { type KillReason, WorkerEndedError } from '../workers/workerEnd.ts';
import type { WorkerLog } from '../workers/workerMessages.ts';
import { type Lease, WorkerPool } from '../workers/workerPool.ts';
import type { WorkerProcess, WorkerResponse } from '../workers/workerProcess.ts';
import { allowsOrigin, answerCors, type Cors, readCors } from './cors.ts';
import { answerHeaders, DEFAULT_TYPE, logsHeader, OWN_HEADERS, plainAnswer } from './nuclioAnswer.ts';
import { canonicalHeaders, normalisePath, queryFields, toBytes } from './nuclioHttp.ts';
import { httpTrigger, workersOf } from './triggers.ts';

/** Not a crash: the time-out itself keeps such ends apart in time. */
const TIMED_OUT: KillReason = { what: 'ended', how: 'its event took longer than spec.eventTimeout', crash: false };
/** The beginning of the Dispatchers' answer for an exception, as in Nuclio's wrappers, and the bytes to search. */
const EXCEPTION = /^(Exception caught in handler - |Error in handler: )/;
const EXCEPTION_HEAD = 32;

export interface EmbeddedFunctionOptions {
  functionPackage: FunctionPackage;
  times: EmbeddedTimes;
  budget: WorkerBudget;
  secrets: readonly string[];
  /** Names places in the package's code by the user's own files. */
  sourcePaths: SourcePaths;
  startWorker(id: number): Promise<WorkerProcess>;
  log(record: LogRecord): void;
  /** A crash loop, or a busy time, has begun or ended. */
  stateChanged(): void;
  /** Ends what the workers left running. It is called when all of them are gone. */
  gone(): Promise<void>;
}

/** A function that runs in worker processes, behind an imitation of Nuclio's http trigger. */
export class EmbeddedFunction implements PlatformFunction {
  readonly name: string;
  readonly group: readonly string[];
  readonly maxBody: number;
  readonly secrets: readonly string[];
  readonly #options: EmbeddedFunctionOptions;
  readonly #pool: WorkerPool;
  readonly #trigger: { kind: string; name: string };
  readonly #timeout: number | undefined;
  /** How long an event waits for a worker, in milliseconds. */
  readonly #wait: number;
  readonly #busy: BusyState;
  /** Monotonic, in milliseconds. */
  #retiredAt: number | undefined;
  readonly #cors: Cors | undefined;

  constructor(options: EmbeddedFunctionOptions) {
    const { config } = options.functionPackage;
    const [key, http] = httpTrigger(config);
    this.name = options.functionPackage.name;
    this.group = options.functionPackage.group;
    this.secrets = options.secrets;
    this.#options = options;
    this.#busy = new BusyState(options.times.busyAfter);
    this.#trigger = { kind: 'http', name: key };
    this.#cors = readCors(http);
    this.#timeout =
      config.spec?.eventTimeout === undefined
        ? undefined
        : timerDelay(parseGoDuration(config.spec.eventTimeout) ?? Number.POSITIVE_INFINITY);
    this.maxBody = maxBodyOf(http);
    const wait = http?.workerAvailabilityTimeoutMilliseconds ?? NUCLIO_DEFAULTS.workerAvailabilityTimeoutMilliseconds;
    this.#wait = wait < 0 ? NUCLIO_DEFAULTS.workerAvailabilityTimeoutMilliseconds : timerDelay(wait);
    this.#pool = new WorkerPool(
      {
        times: options.times,
        budget: options.budget,
        size: workersOf(config),
        wait: this.#wait,
        patience: this.#timeout ?? Number.POSITIVE_INFINITY,
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

  /** Workers end with the server: there is nothing to adopt. */
  get saved(): undefined {
    return undefined;
  }

  load(): Load {
    const { size: workers, restarts, waiting } = this.#pool;
    return { workers, restarts, waiting, busySince: this.#busy.since };
  }

  /** @param now monotonic, in milliseconds */
  look(now: number): void {
    if (this.#busy.look(this.#pool.events, now)) this.#options.stateChanged();
    if (this.#retiredAt !== undefined && now - this.#retiredAt >= this.#options.times.abandonedGrace)
      this.#pool.endAbandoned();
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

  /** Removes the function. Events that still run fail. */
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
    const free = this.#pool.take(inFlight);
    const waiting = free === undefined ? await this.#waitForWorker(inFlight) : undefined;
    const lease = free ?? waiting?.lease;
    if (lease === undefined) {
      this.#sayWaited(event);
      return { status: 503, headers: [...OWN_HEADERS], body: '', cold: false, waited: waiting?.waited };
    }
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
    const answer = [...OWN_HEADERS];
    const level = headers['X-Nuclio-Log-Level'];
    // A local callee's records belong to its own answer, as a remote one's do.
    const isOwn = (record: WorkerLog): boolean => record.task === null || record.task === event.task;
    const logs = level === undefined ? undefined : logsHeader(response.logs.filter(isOwn), level, this.#trigger.name);
    answer.push(...answerHeaders(response.headers, logs, cors?.headers));
    answer.push('Content-Type', toBytes(response.contentType || DEFAULT_TYPE));
    return {
      status: response.status,
      headers: answer,
      body: response.body,
      cold,
      worker: meta.worker_id,
      waited: waiting?.waited,
    };
  }

  /** All triggers of a function share the workers of its http trigger. */
  async deliver(event: TriggerEvent, inFlight: InFlightEvent): Promise<FunctionResponse> {
    const free = this.#pool.take(inFlight);
    const waiting = free === undefined ? await this.#waitForWorker(inFlight) : undefined;
    const lease = free ?? waiting?.lease;
    if (lease === undefined) {
      this.#sayWaited(event);
      return { status: 503, headers: [], body: '', cold: false, waited: waiting?.waited };
    }
    const cold = !lease.worker.warm;
    lease.worker.warm = true;
    const { method, path, headers, trigger, contentType, timestamp } = event;
    const rest = { fields: {}, content_type: contentType, timestamp, trigger, worker_id: String(lease.worker.id) };
    const { status, body } = await this.#run(lease, { id: eventId(event), method, path, headers, ...rest }, event);
    return { status, headers: [], body, cold, worker: rest.worker_id, waited: waiting?.waited };
  }

  /** Waits for a worker. @returns the wait in milliseconds, and no lease if it was in vain */
  async #waitForWorker(inFlight: InFlightEvent): Promise<{ lease: Lease | undefined; waited: number }> {
    const began = performance.now();
    const lease = await this.#pool.wait(inFlight);
    return { lease, waited: performance.now() - began };
  }

  /** Runs one event on one worker. The worker's end is answered with 500, a time-out with 408. */
  async #run(lease: Lease, meta: EventMeta, event: FunctionEvent | TriggerEvent): Promise<WorkerResponse> {
    const { worker } = lease;
    let timedOut = false;
    const timer =
      this.#timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            this.#say(
              'error',
              `The event took longer than spec.eventTimeout: worker ${worker.id} is ended`,
              event.task,
              event.trace,
            );
            worker.kill(TIMED_OUT);
          }, this.#timeout);
    try {
      return this.#withSources(await worker.run(JSON.stringify(meta), event.body));
    } catch (error) {
      if (timedOut) return plainAnswer(408, '{"error": "handler timed out"}', 'application/json');
      if (!(error instanceof WorkerEndedError)) throw error;
      const { what, how, crash } = error.end;
      this.#say('error', `Worker ${worker.id} ${what} while it ran an event: ${how}`, event.task, event.trace);
      return plainAnswer(
        500,
        crash
          ? `The worker ${what} while it ran this event (${how}). What it printed last is in the log of Task ` +
              `'${event.task}': GET /-/tasks/${event.task}/logs, or \`fusionizer logs ${event.task}\`\n`
          : `The event was cut off before it ended: ${how}\n`,
        'text/plain',
      );
    } finally {
      clearTimeout(timer);
      this.#pool.release(lease);
    }
  }

  /** Names the user's own files in the traceback of an exception. Other answers stay as the handler gave them. */
  #withSources(response: WorkerResponse): WorkerResponse {
    if (response.status !== 500 || !EXCEPTION.test(response.body.toString('latin1', 0, EXCEPTION_HEAD)))
      return response;
    return { ...response, body: Buffer.from(this.#options.sourcePaths(response.body.toString())) };
  }

  /** Why an event got no worker: Nuclio's answer, a 503 without a body, does not say it. */
  #sayWaited({ task, trace, parent }: (FunctionEvent | TriggerEvent) & { parent?: unknown }): void {
    const { events, size } = this.#pool;
    if (events.length === 0) {
      this.#say('warn', 'An event was answered with 503: no worker of the function came up in time', task, trace);
      return;
    }
    const hint =
      parent === undefined && this.group.length > 1
        ? '. If one of these events made this call, the server does not know: then make it with the session, or use ' +
          'a client that passes on the header Fusionizer-Event'
        : '';
    this.#say(
      'warn',
      `An event was answered with 503: it waited ${this.#wait / 1000} s, and ` +
        `${size === 1 ? 'the only worker' : `each of the ${size} workers`} of the function ran another event${hint}`,
      task,
      trace,
    );
  }

  #say(level: LogLevel, message: string, task: string | null = null, trace: string | null = null): void {
    this.#options.log({ time: Date.now(), level, message, with: {}, task, function: this.name, trace, stream: 'log' });
  }
}

/**
 * A UUID made of the trace and span ids, which needs no random numbers for each event. Its version is 4, as in Nuclio.
 */
function eventId({ trace, span }: FunctionEvent | TriggerEvent): string {
  return `${trace.slice(0, 8)}-${trace.slice(24, 28)}-4${trace.slice(29, 32)}-a${span.slice(1, 4)}-${span.slice(4)}`;
}
