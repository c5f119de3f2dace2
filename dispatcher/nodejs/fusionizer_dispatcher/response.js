'use strict';

const NULL_BODY = new Set([101, 204, 205, 304]);

/**
 * @typedef {object} Reply an answer as it came, local or remote
 * @property {number} status
 * @property {string} statusText
 * @property {string | Buffer} body
 * @property {() => [string, string][]} pairs its headers
 * @property {(name: string) => string | undefined} header one of them, by its name in lower case
 */

/**
 * A Response of the fetch standard over a body that is all there. Headers are made when they are asked for, and a body
 * that is asked for as a stream, form or blob is handed to the platform's own Response: most callers want the JSON
 * alone.
 */
class SessionResponse {
  #reply;
  #url;
  #redirected;
  /** Whether it has no body, which is another thing than an empty one. */
  #bodiless;
  /** @type {TypeError | null} why the body cannot be read */
  #fault;
  /** @type {Headers | null} */
  #headers = null;
  #used = false;
  /** @type {Response | null} */
  #platform = null;

  /**
   * @param {Reply} reply
   * @param {string} url
   * @param {boolean} redirected
   * @param {boolean} isHead whether the request was a HEAD
   * @param {TypeError | null} fault why its body cannot be read
   */
  constructor(reply, url, redirected, isHead, fault) {
    this.#reply = reply;
    this.#url = url;
    this.#redirected = redirected;
    this.#bodiless = isHead || NULL_BODY.has(reply.status);
    this.#fault = fault;
  }

  get status() {
    return this.#reply.status;
  }

  get ok() {
    return this.#reply.status >= 200 && this.#reply.status <= 299;
  }

  get statusText() {
    return this.#reply.statusText;
  }

  get url() {
    return this.#url;
  }

  get redirected() {
    return this.#redirected;
  }

  get type() {
    return 'basic';
  }

  get headers() {
    this.#headers ??= receivedHeaders(this.#reply.pairs());
    return this.#headers;
  }

  get bodyUsed() {
    return this.#platform === null ? this.#used : this.#platform.bodyUsed;
  }

  get body() {
    return this.#asPlatform().body;
  }

  /** @returns {Promise<any>} */
  json() {
    if (this.#platform !== null) return this.#platform.json();
    try {
      return Promise.resolve(JSON.parse(this.#take(asText)));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @returns {Promise<string>} */
  text() {
    if (this.#platform !== null) return this.#platform.text();
    try {
      return Promise.resolve(this.#take(asText));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @returns {Promise<ArrayBuffer>} */
  async arrayBuffer() {
    return this.#platform === null
      ? /** @type {ArrayBuffer} */ (this.#take(asBytes).buffer)
      : this.#platform.arrayBuffer();
  }

  /** @returns {Promise<Uint8Array>} */
  async bytes() {
    return this.#platform === null ? this.#take(asBytes) : new Uint8Array(await this.#platform.arrayBuffer());
  }

  /** @returns {Promise<Blob>} */
  async blob() {
    return this.#asPlatform().blob();
  }

  /** @returns {Promise<FormData>} */
  async formData() {
    return this.#asPlatform().formData();
  }

  clone() {
    if (this.bodyUsed || this.#platform?.body?.locked)
      throw new TypeError('Response.clone: Body has already been consumed.');
    const copy = new SessionResponse(this.#reply, this.#url, this.#redirected, this.#bodiless, this.#fault);
    if (this.#platform !== null) copy.#platform = this.#platform.clone();
    return copy;
  }

  get [Symbol.toStringTag]() {
    return 'Response';
  }

  // `instanceof Response` and this look like the platform's, which takes 20 ms to load: only when they are asked for.
  get ['constructor']() {
    return globalThis.Response;
  }

  /**
   * @template T
   * @param {(body: string | Buffer) => T} convert
   * @returns {T}
   * @throws {TypeError} when it has been read, or cannot be
   */
  #take(convert) {
    if (this.#bodiless) return convert('');
    if (this.#used) throw new TypeError('Body is unusable: Body has already been read');
    this.#used = true;
    if (this.#fault !== null) throw this.#fault;
    return convert(this.#reply.body);
  }

  #asPlatform() {
    if (this.#platform === null) {
      const { status, statusText } = this.#reply;
      const body = this.#bodiless ? null : this.#fault === null ? asBytes(this.#reply.body) : failing(this.#fault);
      // The constructor takes no status that a Response cannot have by itself; it is only used for its body.
      this.#platform = new Response(body, { status: status <= 599 ? status : 200, statusText, headers: this.headers });
      // Who reads a body locks it.
      if (this.#used) this.#platform.body?.getReader().cancel();
    }
    return this.#platform;
  }
}

// Promises look for it on each value. Here the search ends before the proxy, which would double a local call's cost.
Object.defineProperty(SessionResponse.prototype, 'then', { value: undefined });
Object.setPrototypeOf(
  SessionResponse.prototype,
  new Proxy({}, { getPrototypeOf: () => /** @type {any} */ (globalThis.Response.prototype) }),
);

/** @type {(new (pairs: [string, string][]) => Headers) | undefined} */
let ReceivedHeaders;

/**
 * Headers that cannot be changed, as those of an answer. The class is made with the first ones, as the platform's own
 * takes 20 ms to load.
 * @param {[string, string][]} pairs
 * @returns {Headers}
 */
function receivedHeaders(pairs) {
  if (ReceivedHeaders === undefined) {
    ReceivedHeaders = class extends Headers {};
    const refuse = () => {
      throw new TypeError('immutable');
    };
    for (const name of ['append', 'delete', 'set'])
      Object.defineProperty(ReceivedHeaders.prototype, name, { value: refuse });
  }
  return new ReceivedHeaders(pairs);
}

/**
 * A body that cannot be read.
 * @param {TypeError} fault
 */
function failing(fault) {
  return new ReadableStream({ start: (controller) => controller.error(fault) });
}

/**
 * Decoded as UTF-8, as fetch does: without byte order mark, and with U+FFFD for what is no character.
 * @param {string | Buffer} body
 */
function asText(body) {
  const text = typeof body === 'string' ? wellFormed(body) : body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * Half a surrogate pair does not survive UTF-8. (Node.js 18 has no toWellFormed.)
 * @param {string} text
 * @returns {string}
 */
const wellFormed =
  'toWellFormed' in String.prototype
    ? (/** @type {string} */ text) => text.toWellFormed()
    : (/** @type {string} */ text) => Buffer.from(text).toString();

/**
 * @param {string | Buffer} body
 * @returns {Uint8Array} with a buffer of its own
 */
function asBytes(body) {
  return typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
}

exports.SessionResponse = SessionResponse;
