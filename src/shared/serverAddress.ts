/**
 * The address of a server. It is known late, because port 0 takes a free one: whoever needs it holds this object, and
 * the HTTP server sets it once it listens.
 */
export class ServerAddress {
  #url = new URL('http://127.0.0.1/');
  #host = '127.0.0.1';

  /** The base address, with a slash at its end. */
  get url(): URL {
    return this.#url;
  }

  /** The host as Tasks see it: without a port, and without the brackets of an IPv6 address. */
  get host(): string {
    return this.#host;
  }

  set(url: URL): void {
    this.#url = url;
    this.#host = url.hostname.replace(/^\[|\]$/g, '');
  }
}
