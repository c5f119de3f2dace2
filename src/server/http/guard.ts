import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { FusionizerError } from '../../shared/errors.ts';
import { hasOwnCookie } from './auth.ts';

/** Destinations that a browser shows as a page: https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
const PAGES = new Set(['document', 'iframe', 'frame', 'embed', 'object']);
/**
 * Destinations whose code would run in the server's own origin, in some cases long after the page is closed. A sandbox
 * does not apply to them.
 */
const WORKERS = new Set(['worker', 'sharedworker', 'serviceworker']);
/**
 * Runs a Task's pages in an origin of their own. Tasks and the control API share one address, and a Task's page must
 * not act on behalf of its user.
 */
const SANDBOXED = ['Content-Security-Policy', 'sandbox allow-scripts allow-forms'];
const VARY = ['Vary', 'Sec-Fetch-Dest'];
const SANDBOXED_HERE = [...SANDBOXED, ...VARY];

const MAX_CACHED = 100;

/**
 * Keeps other web sites out (docs/http-api.md, Web sites and this server). A browser sends requests for any page that
 * it shows, and `Host`, `Origin` and Fetch Metadata name that page. Programs send only `Host`, and are not stopped
 * here.
 */
export class Guard {
  readonly #names: ReadonlySet<string>;
  /** Whether a Host header is ours. Cached, because nearly all requests have the same one. */
  readonly #hosts = new Map<string, boolean>();

  /** @param names the names of this server, besides IP addresses and localhost */
  constructor(names: readonly string[]) {
    this.#names = new Set(['localhost', ...names.map((name) => name.toLowerCase().replace(/\.$/, ''))]);
  }

  /**
   * @param allowsOrigin whether a foreign origin may invoke this Task (its CORS settings); undefined for the control
   *   API
   * @returns why the request is refused, `forbidden`; undefined if it is allowed
   */
  check(headers: IncomingHttpHeaders, allowsOrigin?: (origin: string) => boolean): FusionizerError | undefined {
    const { host, origin } = headers;
    if (host === undefined || host === '')
      return refused('it has no Host header: send the address of the server in it');
    if (!this.#isOurs(host)) {
      // DNS rebinding: an attacker's DNS can point a name of theirs to this address, but not an IP address.
      return refused(
        `the Host '${host}' is not a name of this server: ` +
          `use its IP address or localhost, or start it with --allow-host ${hostName(host)}`,
      );
    }
    const site = headers['sec-fetch-site'];
    if (site === 'cross-site') return refused('a page of another web site sent it');
    if (allowsOrigin && WORKERS.has(String(headers['sec-fetch-dest'])))
      return refused("a Task's answer cannot be the script of a web worker or service worker at this address");
    // "Same site" means the same host on any port. Browsers send no Origin for images, scripts, links and the like.
    if (origin === undefined)
      return site === 'same-site' ? refused('a page of another port of this host sent it') : undefined;
    if (origin === `http://${host}` || allowsOrigin?.(origin)) return undefined;
    return refused(
      `it comes from a page of ${origin}${allowsOrigin ? ', which the CORS settings of the Task do not allow' : ''}`,
    );
  }

  #isOurs(host: string): boolean {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const name = hostName(host);
    // A name may end with a dot and is still the same name (RFC 1034, 3.1).
    const ours = isIP(name) !== 0 || this.#names.has(name.replace(/\.$/, ''));
    if (this.#hosts.size < MAX_CACHED) this.#hosts.set(host, ours);
    return ours;
  }
}

/**
 * The headers that keep a Task's answer to a browser from being a page of this server's origin. Browsers send
 * Sec-Fetch-Dest only to addresses that they trust (https and loopback), and old browsers never do. Without it, each
 * request that accepts HTML or has our cookie counts as one for a page.
 * @returns names and values in turn; undefined for programs
 */
export function pageHeaders(headers: IncomingHttpHeaders): readonly string[] | undefined {
  const destination = headers['sec-fetch-dest'];
  if (destination === undefined) {
    const browser =
      headers.accept?.includes('text/html') || (headers.cookie !== undefined && hasOwnCookie(headers.cookie));
    return browser ? SANDBOXED : undefined;
  }
  // A browser may cache an answer that a script fetched, and show it as a page later. `Vary` makes it ask again.
  return PAGES.has(String(destination)) ? SANDBOXED_HERE : VARY;
}

/** A Host header without its port, and without the brackets of an IPv6 address. */
function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function refused(why: string): FusionizerError {
  return new FusionizerError('forbidden', `The request is refused: ${why}`);
}
