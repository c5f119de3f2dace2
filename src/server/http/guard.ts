import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { FusionizerError } from '../../shared/errors.ts';
import { hasOwnCookie } from './auth.ts';

/** Destinations of which a browser makes a page: https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
const PAGES = new Set(['document', 'iframe', 'frame', 'embed', 'object']);
/**
 * Destinations whose code would run in the server's own origin, some of it long after the page is closed. No sandbox
 * holds for them.
 */
const WORKERS = new Set(['worker', 'sharedworker', 'serviceworker']);
/**
 * Answers that are pages run in an origin of their own: Tasks and control plane share one address, and a Task must not
 * act for its user.
 */
const SANDBOXED = ['Content-Security-Policy', 'sandbox allow-scripts allow-forms'];
const VARY = ['Vary', 'Sec-Fetch-Dest'];
const SANDBOXED_HERE = [...SANDBOXED, ...VARY];

const MAX_CACHED = 100;

/**
 * Keeps other web sites out (design: Security). A browser sends requests for any page that it shows; which page that
 * was, `Host`, `Origin` and Fetch Metadata tell. Programs send none of these but `Host`, and are not stopped here.
 */
export class Guard {
  readonly #names: ReadonlySet<string>;
  /** Verdicts on Host headers: nearly all requests have the same. */
  readonly #hosts = new Map<string, boolean>();

  /** @param names that the server is reached by, besides IP addresses and localhost */
  constructor(names: readonly string[]) {
    this.#names = new Set(['localhost', ...names.map((name) => name.toLowerCase().replace(/\.$/, ''))]);
  }

  /**
   * @param allowsOrigin whether a foreign origin may invoke this Task (its CORS settings); undefined for the control
   *   API
   * @returns why the request is refused, `forbidden`; undefined if it is not
   */
  check(headers: IncomingHttpHeaders, allowsOrigin?: (origin: string) => boolean): FusionizerError | undefined {
    const { host, origin } = headers;
    if (host === undefined || host === '') return refused('it has no Host header: send the address that it goes to');
    if (!this.#isOurs(host)) {
      // A name that an attacker's DNS lets point here (rebinding) is a name; an IP address cannot be one.
      return refused(
        `the Host '${host}' is not a name of this server: use its IP address or localhost, or start it with --allow-host ${hostName(host)}`,
      );
    }
    const site = headers['sec-fetch-site'];
    if (site === 'cross-site') return refused('a page of another web site sent it');
    if (allowsOrigin && WORKERS.has(String(headers['sec-fetch-dest'])))
      return refused("a Task's answer cannot be the code of a worker of this address");
    // The same site is the same host on any port. Browsers send no Origin for images, scripts, links and the like.
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
    // A name may end with a dot, which makes it no other one (RFC 1034, 3.1).
    const ours = isIP(name) !== 0 || this.#names.has(name.replace(/\.$/, ''));
    if (this.#hosts.size < MAX_CACHED) this.#hosts.set(host, ours);
    return ours;
  }
}

/**
 * What a Task's answer to a browser needs so that it is never a page of this server's origin; undefined for programs.
 * Browsers say what they want an answer for only to addresses that they trust (https and loopback), and old ones never
 * do: then whatever accepts HTML or brings our cookie counts as one that makes a page.
 * @returns names and values in turns
 */
export function pageHeaders(headers: IncomingHttpHeaders): readonly string[] | undefined {
  const destination = headers['sec-fetch-dest'];
  if (destination === undefined) {
    const browser =
      headers.accept?.includes('text/html') || (headers.cookie !== undefined && hasOwnCookie(headers.cookie));
    return browser ? SANDBOXED : undefined;
  }
  // What a script fetched may be kept, and shown as a page later: not without asking again.
  return PAGES.has(String(destination)) ? SANDBOXED_HERE : VARY;
}

/** A Host header without its port and an IPv6 address's brackets. */
function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function refused(why: string): FusionizerError {
  return new FusionizerError('forbidden', `The request is refused: ${why}`);
}
