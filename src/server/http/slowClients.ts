import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FusionizerError } from '../../shared/errors.ts';
import { collectGarbage } from './collectGarbage.ts';
import { sendError } from './errorAnswer.ts';

/**
 * At least this many bytes of a body must come in each `patience`. Without this bound, a byte now and then would hold a
 * connection for ever.
 */
const LEAST = 1024;
/** An answer, or the piece of it that is being sent, may be read this slowly, in bytes a second. */
const SLOWEST = 64 * 1024;
/** Connections that are destroyed let go of their answers within this time, in milliseconds. */
const LET_GO = 200;

/** The newest request of a connection. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** When the body last made progress, by `performance.now()`; undefined until the first check. */
  since: number | undefined;
  /** How many bytes had come over the connection by then. */
  bytes: number;
  /** When the client last took something of what is written for it; undefined while nothing waits. */
  waitsSince: number | undefined;
  /** How many bytes it had taken by then. */
  taken: number;
}

/**
 * Ends requests whose bodies stall, and connections whose clients do not read. Node.js can only bound the time of a
 * whole request, which would cut off slow but honest uploads, and does not bound how long an answer waits. Here both
 * may take any time while they make progress. One timer checks all connections a few times per `patience`; a request
 * only has to be noted.
 */
export class SlowClients {
  readonly #exchanges = new Map<Socket, Exchange>();
  readonly #patience: number;
  readonly #timer: NodeJS.Timeout;

  /** @param patience in milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
    this.#timer = setInterval(() => this.#look(), patience / 4).unref();
  }

  note(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const known = this.#exchanges.get(socket);
    if (known === undefined) {
      this.#exchanges.set(socket, { request, response, since: undefined, bytes: 0, waitsSince: undefined, taken: 0 });
      socket.once('close', () => this.#exchanges.delete(socket));
    } else {
      known.request = request;
      known.response = response;
      known.since = undefined;
    }
  }

  /** The newest request of a connection. Its answer is sent after those of all requests before it. */
  newest(socket: Socket): Pick<Exchange, 'request' | 'response'> | undefined {
    return this.#exchanges.get(socket);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    let cut = false;
    for (const [socket, exchange] of this.#exchanges) {
      const { request, response } = exchange;
      if (this.#readsTooSlowly(socket, exchange, now)) {
        socket.destroy();
        cut = true;
      }
      if (request.complete) continue;
      const answered = response.writableEnded;
      // Bytes that have come but are not read yet wait for us, not for the client.
      const progress = socket.bytesRead - exchange.bytes >= LEAST || request.readableLength > 0;
      if (exchange.since === undefined || (progress && !answered)) {
        exchange.since = now;
        exchange.bytes = socket.bytesRead;
      } else if (now - exchange.since >= this.#patience) this.#end(exchange, socket);
    }
    if (cut) setTimeout(collectGarbage, LET_GO).unref();
  }

  /** Whether a client has taken nothing of its answer for too long. The answer is held in memory until then. */
  #readsTooSlowly(socket: Socket, exchange: Exchange, now: number): boolean {
    const waiting = socket.writableLength;
    const taken = socket.bytesWritten - waiting;
    if (waiting === 0) exchange.waitsSince = undefined;
    else if (exchange.waitsSince === undefined || taken !== exchange.taken) {
      exchange.waitsSince = now;
      exchange.taken = taken;
    } else return now - exchange.waitsSince >= this.#patience + (waiting / SLOWEST) * 1000;
    return false;
  }

  #end({ request, response }: Exchange, socket: Socket): void {
    if (response.headersSent) {
      socket.destroy();
      return;
    }
    response.setHeader('Connection', 'close');
    // Node.js does not end the body of a request that is answered already. This notifies its reader.
    socket.once('close', () => request.destroy());
    const seconds = this.#patience / 1000;
    const message = `The request was ended because its body made no progress for ${seconds} s: send it again`;
    sendError(request, response, new FusionizerError('timeout', message));
  }
}
