import { performance } from 'node:perf_hooks';
import type { FunctionResponse, InFlightEvent } from '../platform/platform.ts';
import type { TraceRecord } from '../shared/api.ts';
import { MAX_DEPTH } from '../shared/callChain.ts';
import type { ServerAddress } from '../shared/serverAddress.ts';
import { IdSource, parseTraceparent } from '../shared/traceContext.ts';
import type { RunningFunction } from './actual.ts';
import { CallChains } from './callChains.ts';
import type { FunctionReports } from './observe/functionReports.ts';
import type { RawExchange } from './observe/traceStore/traceLine.ts';
import type { Traces } from './observe/traces.ts';

/** The answer of a function, which the server passes on. */
export type { FunctionResponse };

/** An event that a function runs: its place in the call chain, and the data of its trace record. */
export interface RunningEvent extends InFlightEvent {
  readonly task: string;
  readonly group: readonly string[];
  readonly trace: string;
  readonly span: string;
  /** The client's span, if it sent one. */
  readonly above: string | null;
  /** Unix ms. */
  readonly start: number;
  /** Monotonic, in ms. */
  readonly began: number;
  /** The HTTP request that it came by; undefined for an event of a trigger. */
  readonly request: EventRequest | undefined;
  /** The id of the setup in which it began. */
  readonly setup: string;
}

export interface EventRequest {
  readonly method: string;
  /** Path and query as the handler sees them. */
  readonly target: string;
  /** The Task that makes this call leaves its trace record. Other clients in a Task leave none. */
  readonly recordedByCaller?: boolean;
  /** The trace whose request is sent again. */
  readonly replayOf?: string;
}

/** What a function got of an HTTP request. */
export interface SentRequest {
  /** Names and values alternate; those of `RunningEvents.headersOf` come first. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** How many items of a request's headers are the server's own. */
const OWN_ITEMS = 6;

/** What a call says about the event in which a Task made it, by the headers of docs/function-package.md. */
export interface CallOrigin {
  /** The event's span. A span of no known event does not count: the call is an outer invocation. */
  readonly event: string;
  /** The Tasks that were called within the function of that event, on the way to this call. */
  readonly within: string | undefined;
}

/**
 * The events that run now, wherever they came from, and their trace records. Begin and end are two calls instead of one
 * that waits in between: each HTTP invocation goes through here, and one more promise would show in its rate.
 */
export class RunningEvents {
  readonly #traces: Traces;
  readonly #reports: FunctionReports;
  readonly #ids = new IdSource();
  /** By span: a call names the event in which it is made. */
  readonly #events = new Map<string, RunningEvent>();
  readonly #address: ServerAddress;
  readonly #chains: CallChains;

  /** @param maxDepth how many Tasks a call chain may have */
  constructor(address: ServerAddress, traces: Traces, reports: FunctionReports, maxDepth = MAX_DEPTH) {
    this.#address = address;
    this.#chains = new CallChains(maxDepth);
    this.#traces = traces;
    this.#reports = reports;
  }

  /** The server's host as Tasks see it. */
  get serverHost(): string {
    return this.#address.host;
  }

  get count(): number {
    return this.#events.size;
  }

  /** The events that run or wait for a worker now, the oldest first. */
  get all(): Iterable<RunningEvent> {
    return this.#events.values();
  }

  /** The Task that makes a call, if its event runs. */
  callerOf({ event, within }: CallOrigin): string | undefined {
    const running = this.#events.get(event);
    const last = within?.split(',').at(-1);
    return last !== undefined && running?.group.includes(last) ? last : running?.task;
  }

  isRunning(span: string): boolean {
    return this.#events.has(span);
  }

  /**
   * @param from undefined for an outer invocation
   * @param traceparent of the client: its trace is taken up
   * @param client who waits for the answer
   * @throws FusionizerError `loop` for a call at the end of a chain that is too long
   */
  begin(
    task: string,
    running: RunningFunction,
    from: CallOrigin | undefined,
    traceparent: string | undefined,
    client: InFlightEvent['client'],
    request?: EventRequest,
  ): RunningEvent {
    const parent = from === undefined ? undefined : this.#events.get(from.event);
    const above = parent?.link ?? (from && this.#chains.ofEnded(from.event));
    const link = this.#chains.link(task, above, from?.within);
    const context = parseTraceparent(traceparent);
    const trace = context?.trace ?? this.#ids.trace();
    // A call's span is its caller's to name; an outer invocation gets a new one below the client's.
    const named = parent && request?.recordedByCaller !== false;
    const span = named && context && !this.#events.has(context.span) ? context.span : this.#ids.span();
    const event: RunningEvent = {
      fn: running.fn,
      parent,
      waiting: 0,
      client,
      task,
      group: running.names,
      trace,
      span,
      above: context?.span ?? null,
      start: Date.now(),
      began: performance.now(),
      request,
      setup: this.#reports.setup,
      link,
    };
    this.#events.set(span, event);
    return event;
  }

  /** The headers that the server sets. */
  headersOf({ task, trace, span }: RunningEvent): string[] {
    return ['Task-Name', task, 'Fusionizer-Server-Address', this.serverHost, 'Traceparent', `00-${trace}-${span}-01`];
  }

  /**
   * @param result undefined when no answer came
   * @param sent is recorded where traces are; undefined for an event of a trigger
   */
  end(event: RunningEvent, result: FunctionResponse | undefined, sent?: SentRequest): void {
    this.#events.delete(event.span);
    this.#chains.ended(event.span, event.link);
    const exchange = this.#traces.store && exchangeOf(event, result, sent);
    if (event.parent === undefined || event.request?.recordedByCaller === false) {
      const record: TraceRecord = {
        trace: event.trace,
        span: event.span,
        parent: event.above,
        caller: null,
        callee: event.task,
        local: false,
        start: event.start,
        duration: performance.now() - event.began,
        status: result?.status ?? 0,
        cold: result?.cold ?? false,
        group: event.group as string[],
        setup: event.setup,
        mode: 'sync',
      };
      if (event.request) record.request = shownEvent(event.task, event.request);
      if (event.request?.replayOf !== undefined) record.replayOf = event.request.replayOf;
      if (sent) record.bytesIn = sent.body.length;
      if (result)
        record.bytesOut = typeof result.body === 'string' ? Buffer.byteLength(result.body) : result.body.length;
      if (result?.worker !== undefined) record.worker = result.worker;
      if (result?.waited !== undefined) record.waited = result.waited;
      this.#traces.push(record, true, exchange);
      return;
    }
    if (result?.cold === true || result?.waited !== undefined) this.#reports.noteStart(event.span, result);
    if (exchange) this.#traces.addExchange({ trace: event.trace, span: event.span }, exchange);
  }
}

function exchangeOf(
  { request, fn }: RunningEvent,
  answer: FunctionResponse | undefined,
  sent: SentRequest | undefined,
): RawExchange | undefined {
  if (request === undefined || sent === undefined) return undefined;
  const { method, target } = request;
  return { method, target, headers: sent.headers, ownItems: OWN_ITEMS, body: sent.body, answer, fn };
}

/**
 * Method and address of an invocation as all records show it, however it was addressed. A query may hold what is nobody
 * else's business, and records are kept by the thousand. Only a POST reaches a Task without a slash after its name.
 */
export function shownEvent(task: string, { method, target }: EventRequest): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  return `${method} /${task}${path === '/' && method === 'POST' ? '' : path}`.slice(0, 100);
}
