import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FusionizerError } from '../../shared/errors.ts';
import { HEADERS } from '../../shared/headers.ts';
import { toProblem } from '../../shared/problem.ts';
import { statusOf } from './originalStatus.ts';

/** Answers with an error: as plain text, or as `application/problem+json` (RFC 9457) if the client accepts JSON. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: FusionizerError): void {
  // Reads and discards the rest of the body, so that the connection can be used again.
  request.resume();
  if (response.headersSent) {
    response.destroy(error);
    return;
  }
  const json = /\bjson\b/.test(request.headers.accept ?? '');
  // Express shortens `url` while it routes.
  const { originalUrl: url = request.url } = request as { originalUrl?: string };
  const status = statusOf({ method: request.method, url }, error);
  const body = json ? `${JSON.stringify(toProblem(error, status))}\n` : `${error.message}\n`;
  response.writeHead(status, {
    // For clients that cannot ask for JSON: an invocation's `Accept` belongs to the handler.
    [HEADERS.error]: error.code,
    'Content-Type': json ? 'application/problem+json' : 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
