import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fusionizer } from '../../engine/fusionizer.ts';
import type { FunctionResponse, RunningEvent, RunningEvents } from '../../engine/runningEvents.ts';
import { asFusionizerError, FusionizerError, noSuchTask } from '../../shared/errors.ts';
import { type Auth, withoutOwnCookie } from './auth.ts';
import { sendError } from './errorAnswer.ts';
import { type Guard, pageHeaders } from './guard.ts';

const EMPTY = Buffer.alloc(0);
/** Of a body that is too large, in bytes, before the connection is closed on it. */
const MAX_DISCARDED = 64 * 1024 ** 2;
const SMALL_BODY = 16 * 1024;

/**
 * Takes invocations straight from `node:http`: Express alone would halve their rate. Everything between a request and
 * its function is here: the body, the headers that only the server may set, the answer. The call chain and the trace
 * record are those of all events.
 */
export class Invocations {
  readonly #fusionizer: Fusionizer;
  readonly #events: RunningEvents;
  readonly #guard: Guard;
  readonly #auth: Auth;

  constructor(fusionizer: Fusionizer, events: RunningEvents, guard: Guard, auth: Auth) {
    this.#auth = auth;
    this.#guard = guard;
    this.#fusionizer = fusionizer;
    this.#events = events;
  }

  /** Events that run, or wait for a worker. */
  get running(): number {
    return this.#events.count;
  }

  /** Whether a running event makes this request. */
  isFromRunning(request: IncomingMessage): boolean {
    const from = request.headers['fusionizer-event'];
    return typeof from === 'string' && this.#events.isRunning(from);
  }

  /** @param preflight a browser asks about CORS: it cannot send a token with that */
  handle(request: IncomingMessage, response: ServerResponse, task: string, target: string, preflight: boolean): void {
    const running = this.#fusionizer.route(task);
    const allowsOrigin = (origin: string): boolean => running?.fn.allowsOrigin(origin) ?? false;
    const open = preflight && allowsOrigin(request.headers.origin ?? 'null');
    const refusal =
      this.#guard.check(request.headers, allowsOrigin) ?? (open ? undefined : this.#auth.check(request, 'invoke'));
    if (refusal !== undefined) {
      sendError(request, response, refusal);
      return;
    }
    if (running === undefined) {
      const broken = this.#fusionizer.brokenReason(task);
      const error =
        broken === undefined
          ? noSuchTask(task)
          : new FusionizerError('platform', `Task '${task}' could not be started again after a restart: ${broken}`);
      sendError(request, response, error);
      return;
    }
    readBody(request, running.fn.maxBody, (body) => {
      if (body === undefined) {
        // As Nuclio answers (400, not 413), and the connection cannot be used on.
        response
          .writeHead(400, ['Content-Type', 'text/plain; charset=utf-8', 'Connection', 'close'])
          .end('Error when parsing request');
        return;
      }
      this.#run(request, response, task, target, body).catch((error: unknown) =>
        sendError(request, response, asFusionizerError(error, 'platform')),
      );
    });
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    task: string,
    target: string,
    body: Buffer,
  ): Promise<void> {
    // Asked again: the function may have been replaced while the body came.
    const running = this.#fusionizer.route(task);
    if (running === undefined) throw noSuchTask(task);
    const from = request.headers['fusionizer-event'] as string | undefined;
    const event = this.#events.begin(
      task,
      running,
      from,
      request.headers['traceparent'] as string | undefined,
      response,
    );
    const { trace, span, parent } = event;
    let result: FunctionResponse | undefined;
    try {
      const headers = this.#headers(request.rawHeaders, event);
      result = await running.fn.invoke(
        { task, method: request.method ?? 'GET', target, headers, body, trace, span, parent },
        event,
      );
    } finally {
      this.#events.end(event, result);
    }
    send(response, result, trace, pageHeaders(request.headers));
  }

  /** The client's headers, less those that are the server's to set, and these. */
  #headers(raw: readonly string[], { task, trace, span }: RunningEvent): string[] {
    const headers = [
      'Task-Name',
      task,
      'Fusionizer-Server-Address',
      this.#events.serverHost,
      'Traceparent',
      `00-${trace}-${span}-01`,
    ];
    for (let index = 0; index < raw.length; index += 2) {
      const name = raw[index] ?? '';
      const first = name.charCodeAt(0) | 0x20;
      // Only names that begin with t or f need a closer look.
      if (first === 0x74 || first === 0x66) {
        const lower = name.toLowerCase();
        if (lower === 'task-name' || lower === 'traceparent' || lower.startsWith('fusionizer-')) continue;
      }
      // authorization, and cookie.
      const value =
        (first === 0x61 && name.length === 13) || (first === 0x63 && name.length === 6)
          ? this.#withoutTokens(name, raw[index + 1] ?? '')
          : raw[index + 1];
      if (value !== undefined) headers.push(name, value);
    }
    return headers;
  }

  /**
   * A header's value as Tasks may see it; undefined: not at all. Also where no token is asked for: browsers keep one
   * cookie for all ports of a host.
   */
  #withoutTokens(name: string, value: string): string | undefined {
    const lower = name.toLowerCase();
    if (lower === 'authorization' && this.#auth.isOwn(value)) return undefined;
    return lower === 'cookie' ? withoutOwnCookie(value) || undefined : value;
  }
}

/** @param done gets undefined when the body is larger than `limit` bytes */
function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  // A request without a body says so in its headers: no need to wait for its end.
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
      // The rest is read and thrown away, so that the client gets to read the answer; but not without end.
      if (size > limit + MAX_DISCARDED) finish(undefined);
      return;
    }
    if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  });
  // A client that goes away before its body is whole has sent no event: nothing to run, nobody to answer.
  request.on('end', () => finish(size > limit ? undefined : chunks ? Buffer.concat(chunks, size) : (first ?? EMPTY)));
}

function send(
  response: ServerResponse,
  result: FunctionResponse,
  trace: string,
  page: readonly string[] | undefined,
): void {
  const body = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
  const headers = [...result.headers, 'Content-Length', String(body.length), 'Fusionizer-Trace-Id', trace];
  if (page) headers.push(...page);
  try {
    response.writeHead(result.status, headers);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    // Values beyond Latin-1 go out as UTF-8 bytes, as Nuclio's; what is still no header is the handler's fault.
    try {
      response.writeHead(
        result.status,
        headers.map((text) => Buffer.from(text, 'utf8').toString('latin1')),
      );
    } catch (cause) {
      throw new FusionizerError('platform', `The handler's answer cannot be sent: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
  // A small body goes out in one write with its headers when it is a string (Node.js joins those); as a Buffer it would
  // be a second vector.
  if (body.length <= SMALL_BODY) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}
