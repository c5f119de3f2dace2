import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FusionizerError } from '../../shared/errors.ts';
import { sendError } from './errorAnswer.ts';

/**
 * At least this many bytes of a body must come in each `patience`. Without this bound, a byte now and then would hold a
 * connection for ever.
 */
const LEAST = 1024;

/** The newest request of a connection. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** When the body last made progress, by `performance.now()`; undefined until the first check. */
  since: number | undefined;
  /** How many bytes had come over the connection by then. */
  bytes: number;
}

/**
 * Ends requests whose bodies stall. Node.js can only bound the time of a whole request, which would cut off slow but
 * honest uploads. Here a body may take any time while it makes progress. One timer checks all connections a few times
 * per `patience`; a request only has to be noted.
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
      this.#exchanges.set(socket, { request, response, since: undefined, bytes: 0 });
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
    for (const [socket, exchange] of this.#exchanges) {
      const { request, response } = exchange;
      if (request.complete) continue;
      const answered = response.writableEnded;
      // Bytes that have come but are not read yet wait for us, not for the client.
      const progress = socket.bytesRead - exchange.bytes >= LEAST || request.readableLength > 0;
      if (exchange.since === undefined || (progress && !answered)) {
        exchange.since = now;
        exchange.bytes = socket.bytesRead;
      } else if (now - exchange.since >= this.#patience) this.#end(exchange, socket);
    }
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
