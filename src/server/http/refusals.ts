import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerLog } from '../../engine/observe/serverLog.ts';
import type { FusionizerError } from '../../shared/errors.ts';
import { sendError } from './errorAnswer.ts';
import { statusOf } from './originalStatus.ts';
import { shownRequest } from './requestPath.ts';

/** How many refusals are logged one by one in each span of time, and its length in milliseconds. */
const MOST = 10;
const SPAN = 10_000;
/** The most that a record shows of the reason, which may quote the request, in characters. */
const MAX_SHOWN = 200;

/**
 * Refuses requests without the right token, and those of other web sites. Each leaves a record in the server's log,
 * without the token: someone who tries tokens shall be seen. Very many of them leave one record together.
 */
export class Refusals {
  readonly #log: ServerLog;
  /** How many there were in the current span. */
  #count = 0;
  #span: NodeJS.Timeout | undefined;

  constructor(log: ServerLog) {
    this.#log = log;
  }

  /** @param error `unauthorized` or `forbidden` */
  refuse(request: IncomingMessage, response: ServerResponse, error: FusionizerError): void {
    this.#span ??= setTimeout(() => this.#endSpan(), SPAN).unref();
    this.#count += 1;
    if (this.#count <= MOST) {
      const from = request.socket.remoteAddress ?? 'a client that has gone';
      this.#log.write(
        'warn',
        `${shownRequest(request)} ${statusOf(request, error)} to ${from}: ${error.message.slice(0, MAX_SHOWN)}`,
      );
    }
    sendError(request, response, error);
  }

  /** Called when the server closes, too: no refusal goes uncounted. */
  close(): void {
    clearTimeout(this.#span);
    this.#endSpan();
  }

  #endSpan(): void {
    const more = this.#count - MOST;
    if (more > 0) this.#log.write('warn', `${more} more requests were refused (401, 403) in ${SPAN / 1000} s`);
    this.#count = 0;
    this.#span = undefined;
  }
}
