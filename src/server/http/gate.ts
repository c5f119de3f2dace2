import type { IncomingMessage, ServerResponse } from 'node:http';
import { FusionizerError } from '../../shared/errors.ts';
import { sendError } from './errorAnswer.ts';

/**
 * Lets requests in: none while the server starts, all while it serves, and only what running events need while it
 * closes.
 */
export class Gate {
  /** All requests are let in: `refuses` need not be asked. */
  open = false;
  readonly #neededByEvents: (request: IncomingMessage) => boolean;
  #closing = false;

  /** @param neededByEvents whether a running event cannot end without this request */
  constructor(neededByEvents: (request: IncomingMessage) => boolean) {
    this.#neededByEvents = neededByEvents;
  }

  /** From now on, until the end. */
  close(): void {
    this.open = false;
    this.#closing = true;
  }

  /** Answers a request with 503, unless it is let in. */
  refuses(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#closing && this.#neededByEvents(request)) return false;
    response.setHeader('Retry-After', '1');
    if (this.#closing) response.setHeader('Connection', 'close');
    const why = this.#closing
      ? 'The server is closing: it takes no new requests'
      : 'The server is starting: its Tasks are not ready yet';
    sendError(request, response, new FusionizerError('busy', why));
    return true;
  }
}
