import type { IncomingMessage, ServerResponse } from 'node:http';
import { FusionizerError } from '../../shared/errors.ts';
import { sendError } from './errorAnswer.ts';

/**
 * Decides which requests are let in: none while the server starts, all while it serves, and only those that running
 * events need while it closes.
 */
export class Gate {
  /** True if all requests are let in. Then `refuses` does not have to be called. */
  open = false;
  readonly #neededByEvents: (request: IncomingMessage) => boolean;
  #closing = false;

  /** @param neededByEvents whether a running event may need this request in order to end */
  constructor(neededByEvents: (request: IncomingMessage) => boolean) {
    this.#neededByEvents = neededByEvents;
  }

  /** Only lets in what running events need, from now on. */
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
      ? 'The server is closing and takes no new requests'
      : 'The server is starting: its Tasks are not ready yet';
    sendError(request, response, new FusionizerError('busy', why));
    return true;
  }
}
