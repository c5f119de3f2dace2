import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FusionizerError } from '../../shared/errors.ts';
import { sendError } from './errorAnswer.ts';

/**
 * So many bytes of a body at least must come in each `patience`: less is no progress, or a byte now and then would hold
 * a connection for ever.
 */
const LEAST = 1024;

/** The newest request of a connection. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** When the body made progress last, in ms of `performance.now()`; undefined until it was looked at. */
  since: number | undefined;
  /** What had come over the connection by then. */
  bytes: number;
}

/**
 * Ends requests whose bodies stall. Node.js bounds the time of a whole request only, which would cut off slow but
 * honest uploads; here a body may take as long as it likes while it makes progress. Nothing is done for a request but
 * to note it: all connections are looked at a few times per `patience`.
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

  /** Whether an answer has begun on a connection, so that no other can be sent. */
  isAnswering(socket: Socket): boolean {
    const { response } = this.#exchanges.get(socket) ?? {};
    return response?.headersSent === true && !response.writableFinished;
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
      // What has come and is not read yet waits for us, not for the client.
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
    // Node.js forgets a request that is answered; who reads its body learns only so that no more of it comes.
    socket.once('close', () => request.destroy());
    const message = `The request's body made no progress for ${this.#patience / 1000} s, so the request was ended: send it again`;
    sendError(request, response, new FusionizerError('timeout', message));
  }
}
