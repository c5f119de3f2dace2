import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fusionizer } from '../../engine/fusionizer.ts';
import type { ServerLog } from '../../engine/observe/serverLog.ts';
import {
  type CallOrigin,
  type FunctionResponse,
  type RunningEvent,
  type RunningEvents,
  shownEvent,
} from '../../engine/runningEvents.ts';
import { asFusionizerError, FusionizerError } from '../../shared/errors.ts';
import { formatSize } from '../../shared/format.ts';
import { parseTraceparent } from '../../shared/traceContext.ts';
import { type Auth, withoutOwnCookie } from './auth.ts';
import { sendError } from './errorAnswer.ts';
import { type Guard, pageHeaders } from './guard.ts';
import { statusOf } from './originalStatus.ts';
import type { Refusals } from './refusals.ts';

const EMPTY = Buffer.alloc(0);
/** How much of a body beyond the limit is read and discarded before the request is answered, in bytes. */
const MAX_DISCARDED = 64 * 1024 ** 2;
/** The most that the log shows of an error, in characters. */
const MAX_SHOWN = 100;
/** Up to this size, in bytes, an answer's body is sent in one write with its headers. */
const SMALL_BODY = 16 * 1024;
/** A larger body is sent in pieces of this size, in bytes, so that `SlowClients` sees whether the client reads it. */
const PIECE = 256 * 1024;

/**
 * Takes invocations directly from `node:http`, because Express would halve their rate. It reads the body, sets the
 * headers that only the server may set, and sends the answer. `RunningEvents` keeps the call chain and the trace
 * record, as for all events.
 */
export class Invocations {
  readonly #fusionizer: Fusionizer;
  readonly #events: RunningEvents;
  readonly #guard: Guard;
  readonly #auth: Auth;
  readonly #log: ServerLog;
  readonly #refusals: Refusals;

  constructor(
    fusionizer: Fusionizer,
    events: RunningEvents,
    { guard, auth, log, refusals }: { guard: Guard; auth: Auth; log: ServerLog; refusals: Refusals },
  ) {
    this.#auth = auth;
    this.#log = log;
    this.#guard = guard;
    this.#refusals = refusals;
    this.#fusionizer = fusionizer;
    this.#events = events;
  }

  /** The number of events that run or wait for a worker. */
  get running(): number {
    return this.#events.count;
  }

  /** Whether a running event makes this request. */
  isFromRunning(request: IncomingMessage): boolean {
    const from = request.headers['fusionizer-event'];
    return typeof from === 'string' && this.#events.isRunning(from);
  }

  /** @param preflight whether a browser asks about CORS, in which case it cannot send a token */
  handle(request: IncomingMessage, response: ServerResponse, task: string, target: string, preflight: boolean): void {
    const running = this.#fusionizer.route(task);
    const allowsOrigin = (origin: string): boolean => running?.fn.allowsOrigin(origin) ?? false;
    const open = preflight && allowsOrigin(request.headers.origin ?? 'null');
    const refusal =
      this.#guard.check(request.headers, allowsOrigin) ?? (open ? undefined : this.#auth.check(request, 'invoke'));
    if (refusal !== undefined) {
      this.#refusals.refuse(request, response, refusal);
      return;
    }
    if (running === undefined) {
      const broken = this.#fusionizer.brokenReason(task);
      const error =
        broken === undefined
          ? this.#fusionizer.notFound(task)
          : new FusionizerError('platform', `Task '${task}' could not be started again after a restart: ${broken}`);
      // Without an event there is no trace record, which shows other requests.
      const shown = shownEvent(task, { method: request.method ?? 'GET', target });
      this.#log.write('info', `${shown} ${statusOf(request, error)}: ${error.message.slice(0, MAX_SHOWN)}`);
      sendError(request, response, error);
      return;
    }
    readBody(request, running.fn.maxBody, (body) => {
      if (body === undefined) {
        const limit = formatSize(running.fn.maxBody);
        const why = `the body has more than ${limit}, the maxRequestBodySize of Task '${task}'`;
        this.#log.writeOf(task, 'warn', `${shownEvent(task, { method: request.method ?? 'GET', target })} 400: ${why}`);
        refuseBody(response, why);
        return;
      }
      this.#run(request, response, task, target, body).catch((thrown: unknown) => {
        const error = asFusionizerError(thrown, 'platform');
        if (error.code === 'loop') this.#reportLoop(request, task, running.fn.name, error.message);
        sendError(request, response, error);
      });
    });
  }

  /** In the logs of both Tasks: the caller may not read the answer, and nobody else gets it. */
  #reportLoop(request: IncomingMessage, task: string, fn: string, message: string): void {
    const origin = originOf(request);
    const caller = origin && this.#events.callerOf(origin);
    const trace = parseTraceparent(request.headers['traceparent'] as string | undefined)?.trace;
    const about = trace === undefined ? undefined : { function: fn, trace };
    for (const name of new Set([task, caller ?? task])) this.#log.writeOf(name, 'error', message, about);
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    task: string,
    target: string,
    body: Buffer,
  ): Promise<void> {
    // The route is looked up again: the function may have been replaced while the body came.
    const running = this.#fusionizer.route(task);
    if (running === undefined) throw this.#fusionizer.notFound(task);
    const method = request.method ?? 'GET';
    const event = this.#events.begin(
      task,
      running,
      originOf(request),
      request.headers['traceparent'] as string | undefined,
      response,
      { method, target, recordedByCaller: request.headers['fusionizer-caller'] !== undefined },
    );
    const { trace, span, parent } = event;
    let result: FunctionResponse | undefined;
    const headers = this.#headers(request.rawHeaders, event);
    try {
      result = await running.fn.invoke({ task, method, target, headers, body, trace, span, parent }, event);
    } finally {
      this.#events.end(event, result, { headers, body });
    }
    // A call of a Task comes from no browser, and its answer is not shown as a page.
    send(response, result, trace, event.parent === undefined ? pageHeaders(request.headers) : undefined);
  }

  /** The headers that the server sets, and those of the client's headers that the server does not set. */
  #headers(raw: readonly string[], event: RunningEvent): string[] {
    const headers = this.#events.headersOf(event);
    for (let index = 0; index < raw.length; index += 2) {
      const name = raw[index] ?? '';
      const first = name.charCodeAt(0) | 0x20;
      // Only names that begin with t or f can be names of the server's headers.
      if (first === 0x74 || first === 0x66) {
        const lower = name.toLowerCase();
        if (lower === 'task-name' || lower === 'traceparent' || lower.startsWith('fusionizer-')) continue;
      }
      // Only authorization and cookie can hold tokens. Most other names are skipped by first letter and length.
      const value =
        (first === 0x61 && name.length === 13) || (first === 0x63 && name.length === 6)
          ? this.#withoutTokens(name, raw[index + 1] ?? '')
          : raw[index + 1];
      if (value !== undefined) headers.push(name, value);
    }
    return headers;
  }

  /**
   * A header's value without our tokens, or undefined if Tasks must not see the header at all. This is also done if
   * this server needs no token: browsers send the cookies of all ports of a host.
   */
  #withoutTokens(name: string, value: string): string | undefined {
    const lower = name.toLowerCase();
    if (lower === 'authorization' && this.#auth.isOwn(value)) return undefined;
    return lower === 'cookie' ? withoutOwnCookie(value) || undefined : value;
  }
}

/** The event in which a Task made this call; undefined for an invocation from outside. */
function originOf({ headers }: IncomingMessage): CallOrigin | undefined {
  const event = headers['fusionizer-event'] as string | undefined;
  return event === undefined ? undefined : { event, within: headers['fusionizer-chain'] as string | undefined };
}

/** Answers with Nuclio's status and first words: 400, not 413. The connection cannot be used again. */
function refuseBody(response: ServerResponse, why: string): void {
  response
    .writeHead(400, ['Content-Type', 'text/plain; charset=utf-8', 'Connection', 'close'])
    .end(`Error when parsing request: ${why}. Raise it in the attributes of its http trigger in function.yaml`);
}

/** @param done gets undefined when the body is larger than `limit` bytes */
function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  // The headers show that the request has no body, so there is no need to wait for its end.
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) {
    request.resume();
    done(EMPTY);
    return;
  }
  if (Number(request.headers['content-length']) > limit + MAX_DISCARDED) {
    request.resume();
    done(undefined);
    return;
  }
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  let finished = false;
  const finish = (body: Buffer | undefined): void => {
    if (finished) return;
    finished = true;
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      // Reads and discards the rest up to a bound, so that the client gets to read the answer.
      if (size > limit + MAX_DISCARDED) finish(undefined);
      return;
    }
    if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  });
  // If a client disconnects before its body is complete, there is no event to run and no one to answer.
  request.on('end', () => finish(size > limit ? undefined : chunks ? Buffer.concat(chunks, size) : (first ?? EMPTY)));
}

/** Statuses whose answers have no body, and so no length (RFC 9110, 8.6). */
const isBodiless = (status: number): boolean => status === 204 || status === 304;

function send(
  response: ServerResponse,
  result: FunctionResponse,
  trace: string,
  page: readonly string[] | undefined,
): void {
  const body = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
  const headers = [...result.headers];
  if (!isBodiless(result.status)) headers.push('Content-Length', String(body.length));
  headers.push('Fusionizer-Trace-Id', trace);
  if (page) headers.push(...page);
  response.writeHead(result.status, headers);
  // Node.js joins headers and body into one write if the body is a string. A Buffer would be written separately.
  if (body.length <= SMALL_BODY) response.end(body.toString('latin1'), 'latin1');
  else sendPieces(response, body);
}

function sendPieces(response: ServerResponse, body: Buffer): void {
  let at = 0;
  const sendNext = (): void => {
    while (at + PIECE < body.length) {
      if (response.destroyed) return;
      const goesOn = response.write(body.subarray(at, at + PIECE));
      at += PIECE;
      if (!goesOn) {
        response.once('drain', sendNext);
        return;
      }
    }
    response.end(body.subarray(at));
  };
  sendNext();
}
