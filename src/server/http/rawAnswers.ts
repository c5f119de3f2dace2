import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Violations of HTTP, by the error code of Node.js: https://nodejs.org/api/http.html#event-clienterror */
const REASONS: Record<string, [status: string, text: string]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    "The request's headers are larger than 16 KiB: send fewer or shorter ones",
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    '413 Content Too Large',
    "The request's chunk extensions are larger than 16 KiB: leave them out",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', "The request's headers did not come in time: send it again"],
};

/**
 * Answers with a readable message what never becomes a request: bytes that are not HTTP, headers that are too large or
 * do not end, and CONNECT.
 * @param isAnswering whether another answer has already begun on the connection
 */
export function answerBadRequests(server: Server, isAnswering: (socket: Duplex) => boolean): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The client is gone, or another answer is being sent: a message cannot be sent any more.
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const [status, text] = REASONS[error.code ?? ''] ?? [
      '400 Bad Request',
      `The request is not HTTP/1.1: ${error.message}`,
    ];
    answer(socket, status, text);
  });
  server.on('connect', (_request, socket) =>
    answer(socket, '405 Method Not Allowed', 'This server is not a proxy and does not support CONNECT'),
  );
}

function answer(socket: Duplex, status: string, text: string): void {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
