'use strict';

const http = require('node:http');

/**
 * @typedef {object} RemoteRequest
 * @property {string} method
 * @property {string} target raw path and query
 * @property {Record<string, string>} headers
 * @property {Buffer | null} body
 * @property {AbortSignal | null} signal
 */

/** Sends invocations to the server. Connections are kept and shared; the token goes to exactly this address. */
class RemoteClient {
  #host;
  #port;
  #authorization;
  /** @type {string | undefined} */
  token;
  #agent = new http.Agent({ keepAlive: true });

  /**
   * @param {URL} server
   * @param {string} [token]
   */
  constructor(server, token) {
    this.origin = server.origin;
    this.#host = server.hostname.replace(/^\[|\]$/g, '');
    this.#port = server.port === '' ? 80 : Number(server.port);
    this.token = token;
    this.#authorization = token ? `Bearer ${token}` : undefined;
  }

  /**
   * @param {RemoteRequest} request
   * @param {{redirected?: boolean}} [options] after a redirect the token is not sent
   * @returns {Promise<RemoteReply>}
   * @throws {TypeError} as fetch: `fetch failed` with the cause; or the signal's reason
   */
  send(request, { redirected = false } = {}) {
    const headers = { ...request.headers };
    if (!redirected) this.authorize(headers);
    return this.#attempt({ ...request, headers }, this.#agent);
  }

  /** @param {Record<string, string>} headers a handler's own authorization stays */
  authorize(headers) {
    if (this.#authorization !== undefined && headers.Authorization === undefined)
      headers.Authorization = this.#authorization;
  }

  /**
   * @param {RemoteRequest} request
   * @param {http.Agent | false} agent false: a fresh connection for this request alone
   * @returns {Promise<RemoteReply>}
   */
  #attempt({ method, target, headers, body, signal }, agent) {
    return new Promise((resolve, reject) => {
      let responded = false;
      const sent = http.request({
        host: this.#host,
        port: this.#port,
        method,
        path: target,
        headers,
        agent,
        signal: signal ?? undefined,
      });
      // Node.js writes methods in capitals; fetch sends them as they are given.
      sent.method = method;
      // And where the headers say nothing of a length, it would.
      if (body === null || body.length === 0) sent.useChunkedEncodingByDefault = false;
      const fail = (/** @type {Error} */ cause) => {
        if (signal?.aborted) reject(signal.reason);
        // The server may close an idle connection just when it is used again.
        else if (sent.reusedSocket && !responded && agent !== false && isClosed(cause)) {
          resolve(this.#attempt({ method, target, headers, body, signal }, false));
        } else reject(new TypeError('fetch failed', { cause }));
      };
      sent.on('error', fail);
      sent.on('response', (response) => {
        responded = true;
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => resolve(new RemoteReply(response, chunks)));
      });
      sent.end(body ?? undefined);
    });
  }
}

/** @param {NodeJS.ErrnoException} error */
function isClosed(error) {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

/** A remote answer with its whole body. */
class RemoteReply {
  #message;

  /**
   * @param {http.IncomingMessage} message
   * @param {Buffer[]} chunks
   */
  constructor(message, chunks) {
    this.#message = message;
    this.status = message.statusCode ?? 0;
    this.statusText = message.statusMessage ?? '';
    /** @type {Buffer} */
    this.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }

  /**
   * @param {string} name lower case
   * @returns {string | undefined}
   */
  header(name) {
    const value = this.#message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** @returns {[string, string][]} */
  pairs() {
    const { rawHeaders } = this.#message;
    /** @type {[string, string][]} */
    const pairs = [];
    for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i], rawHeaders[i + 1]]);
    return pairs;
  }
}

exports.RemoteClient = RemoteClient;
