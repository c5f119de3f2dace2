import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { z } from 'zod';
import { problemSchema } from '../shared/api.ts';
import { HEADERS } from '../shared/headers.ts';
import { withoutSlash } from '../shared/withoutSlash.ts';
import { ClientError, ServerUnreachableError } from './errors.ts';

export interface ApiRequest {
  method: string;
  /** Raw path and query, beginning with `/`. They are not normalised. */
  path: string;
  headers?: OutgoingHttpHeaders | undefined;
  body?: Uint8Array | string | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the request is completely sent. */
  sent?: (() => void) | undefined;
}

/** Rewords a text of the server. */
export type Wording = (text: string) => string;

/** The error codes of a connection that could not be made. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'ENOENT',
]);
const ERROR_HEADER = HEADERS.error.toLowerCase();
/** The error codes of a connection that the other side has ended, as a server does that is killed. */
const ENDED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'HPE_INVALID_EOF_STATE']);
/** The most that is shown of an error's body that is not a problem document, in characters. */
const SHOWN = 500;

/**
 * Sends requests to one server. It uses `node:http` for two reasons. fetch gives up on an answer after five minutes,
 * but a deploy may build for longer. It also normalises paths and unpacks bodies, but invocations must not be changed.
 */
export class Transport {
  readonly #base: URL;
  readonly #token: string | undefined;
  readonly #wording: Wording;

  constructor(base: URL, token: string | undefined, wording: Wording = (text) => text) {
    this.#base = base;
    this.#token = token;
    this.#wording = wording;
  }

  /** For a browser, once: the server exchanges the token for a cookie, and takes it out of the address. */
  addressWithToken(path: string): string {
    const token = this.#token === undefined ? '' : `?token=${encodeURIComponent(this.#token)}`;
    return `${withoutSlash(this.#base.href)}${path}${token}`;
  }

  /** @throws ServerUnreachableError, or the signal's reason */
  send({ method, path, headers, body, signal, sent }: ApiRequest): Promise<IncomingMessage> {
    const send = this.#base.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const request = send({
        hostname: this.#base.hostname.replace(/^\[|\]$/g, ''),
        port: this.#base.port,
        path: withoutSlash(this.#base.pathname) + path,
        method,
        headers: {
          ...headers,
          ...(this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` }),
          ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        },
        ...(signal ? { signal } : {}),
      });
      request.on('response', resolve);
      // This listener stays: an error after the answer, as when the server ends an upload early, must not be uncaught.
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(signal?.aborted ? signal.reason : this.#unreachable(error)),
      );
      if (sent) request.on('finish', sent);
      request.end(body);
    });
  }

  /**
   * Sends a request of the control API.
   * @throws ClientError for every status except 2xx; ServerUnreachableError
   */
  async ok(request: ApiRequest): Promise<IncomingMessage> {
    const response = await this.send({ ...request, headers: { Accept: 'application/json', ...request.headers } });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw this.errorOf(status, response.headers, (await this.body(response)).toString());
  }

  /** The error of an answer that is not the expected one. */
  errorOf(status: number, headers: IncomingHttpHeaders, text: string): ClientError {
    return toClientError(status, headers, this.#wording(text));
  }

  async text(request: ApiRequest): Promise<string> {
    return (await this.body(await this.ok(request))).toString();
  }

  /** Sends a request and checks its answer. */
  async json<T>(schema: z.ZodType<T>, request: ApiRequest): Promise<T> {
    return this.parse(schema, await this.text(request), `${request.method} ${request.path}`);
  }

  /** @param what the name of the answer, for the error */
  parse<T>(schema: z.ZodType<T>, text: string, what: string): T {
    let cause: unknown;
    try {
      const parsed = schema.safeParse(JSON.parse(this.#wording(text)));
      if (parsed.success) return parsed.data;
      cause = parsed.error;
    } catch (error) {
      cause = error;
    }
    const detail =
      `The answer of ${withoutSlash(this.#base.href)} to ${what} is not what was expected: ` +
      'check that a Fusionizer server of this version is running there';
    throw new ClientError({ code: 'unexpected', status: 200, detail }, { cause });
  }

  async body(response: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(response)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The chunks of an answer as they come. */
  async *chunks(response: IncomingMessage): AsyncGenerator<Buffer, void, void> {
    try {
      for await (const chunk of response) yield chunk;
    } catch (error) {
      throw error instanceof Error && error.name === 'AbortError'
        ? error
        : this.#unreachable(error as NodeJS.ErrnoException);
    }
  }

  #unreachable(error: NodeJS.ErrnoException): ServerUnreachableError {
    const address = withoutSlash(this.#base.href);
    const why = error.code ?? error.message;
    const what = NOT_CONNECTED.has(why)
      ? `No Fusionizer server is reachable at ${address} (${why})`
      : ENDED.has(why)
        ? `The server at ${address} has ended, or has closed the connection, before its answer was complete`
        : `The connection to the server at ${address} failed before its answer was complete (${why})`;
    return new ServerUnreachableError(address, what, { wasReached: !NOT_CONNECTED.has(why), cause: error });
  }
}

/** Converts the answer to a failed request, a problem document or plain text, to an error. */
function toClientError(
  status: number,
  { 'content-type': type, [ERROR_HEADER]: code }: IncomingHttpHeaders,
  text: string,
): ClientError {
  if (type?.startsWith('application/problem+json')) {
    const parsed = problemSchema.safeParse(parseOrUndefined(text));
    if (parsed.success) return new ClientError(parsed.data);
  }
  if (type?.startsWith('text/html')) {
    return new ClientError({
      code: 'unexpected',
      status,
      detail: `The server at this address is not a Fusionizer server: it sent a web page, with status ${status}`,
    });
  }
  const shown = text.trim().slice(0, SHOWN);
  return new ClientError({
    code: typeof code === 'string' ? code : 'unexpected',
    status,
    detail: shown === '' ? `The server answered ${status} without a message` : shown,
  });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
