import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

type Refusal = readonly [status: number, text: string];

const notHttp = (why: string): Refusal => [400, `The request is not HTTP/1.1: ${why}`];
const AMBIGUOUS = notHttp(
  'the length of its body is ambiguous: send one Content-Length, or Transfer-Encoding: chunked alone',
);
const FIRST_LINE = notHttp(
  'its first line has to be a method, an address and HTTP/1.1, and has to end with CR LF: percent-encode spaces in ' +
    'the address as %20',
);
const CHUNKS = notHttp(
  'its body is not what Transfer-Encoding: chunked says: each chunk follows its size in hex digits',
);

/**
 * Violations of HTTP, by the error code of Node.js: https://nodejs.org/api/http.html#event-clienterror. The parser's
 * own words are for its authors.
 */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: [431, "The request's headers are larger than 16 KiB: send fewer or shorter ones"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "The request's chunk extensions are larger than 16 KiB: leave them out"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request's headers did not come in time: send it again"],
  HPE_INVALID_URL: notHttp(
    'its address has characters that a URL cannot have: percent-encode their UTF-8, for example \u00fc as %C3%BC',
  ),
  HPE_INVALID_METHOD: notHttp('it does not begin with a method such as GET or POST'),
  HPE_INVALID_CONSTANT: FIRST_LINE,
  HPE_INVALID_VERSION: FIRST_LINE,
  HPE_PAUSED_H2_UPGRADE: notHttp('it begins as one of HTTP/2, which this server does not support'),
  HPE_CR_EXPECTED: notHttp('a line of its headers does not end with CR LF'),
  HPE_INVALID_CHUNK_SIZE: CHUNKS,
  HPE_STRICT: CHUNKS,
  HPE_INVALID_HEADER_TOKEN: notHttp(
    'a header has a character that HTTP does not allow, such as a control character in its value or a space in its ' +
      'name: leave it out',
  ),
  HPE_INVALID_CONTENT_LENGTH: AMBIGUOUS,
  HPE_UNEXPECTED_CONTENT_LENGTH: AMBIGUOUS,
  HPE_INVALID_TRANSFER_ENCODING: AMBIGUOUS,
};
const NO_PROXY: Refusal = [405, 'This server is not a proxy and does not support CONNECT'];

/**
 * Answers with a readable message what never becomes a request: bytes that are not HTTP, headers that are too large or
 * do not end, and CONNECT.
 * @param newest the newest request of a connection: a client may send the next one before it has the answer
 */
export function answerBadRequests(
  server: Server,
  newest: (socket: Duplex) => { request: IncomingMessage; response: ServerResponse } | undefined,
): void {
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, [status, text]: Refusal): void => {
    // All further bytes of the connection are malformed, too.
    if (refused.has(socket)) return;
    refused.add(socket);
    const { request, response } = newest(socket) ?? {};
    if (request === undefined || response === undefined) answer(socket, status, text);
    else if (!request.complete) answerWithin(request, response, status, text);
    else if (response.writableFinished) answer(socket, status, text);
    // The malformed bytes come after a request that still runs: its own answer goes first.
    else response.once('finish', () => answer(socket, status, text));
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The client is gone: a message cannot be sent any more.
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket, REFUSALS[error.code ?? ''] ?? [400, 'The request is not HTTP/1.1']);
  });
  server.on('connect', (_request, socket) => refuse(socket, NO_PROXY));
}

/** Answers a request whose body is malformed. Node.js sends the answers of a connection in order. */
function answerWithin(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  // Node.js does not end the body of a request that is answered already. This notifies its reader.
  request.socket.once('close', () => request.destroy());
  const body = `${text}\n`;
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    })
    .end(body);
}

function answer(socket: Duplex, status: number, text: string): void {
  if (!socket.writable) return;
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
