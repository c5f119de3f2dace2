import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { FusionizerError } from '../core/errors.ts';

/** Destinations of which a browser makes a page: https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
const PAGES = new Set(['document', 'iframe', 'frame', 'embed', 'object']);
/** Answers that are pages run in an origin of their own: Tasks and control plane share one address, and a Task must not act for its user. */
export const SANDBOX = 'sandbox allow-scripts allow-forms';

const MAX_CACHED = 100;

/**
 * Keeps other web sites out (design: Security). A browser sends requests for any page that it shows; which page that was, `Host`, `Origin` and
 * Fetch Metadata tell. Programs send none of these but `Host`, and are not stopped here.
 */
export class Guard {
  readonly #names: ReadonlySet<string>;
  /** Verdicts on Host headers: nearly all requests have the same. */
  readonly #hosts = new Map<string, boolean>();

  /** @param names that the server is reached by, besides IP addresses and localhost */
  constructor(names: readonly string[]) {
    this.#names = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  }

  /**
   * @param allowsOrigin whether a foreign origin may invoke this Task (its CORS settings); undefined for the control API
   * @returns why the request is refused, `forbidden`; undefined if it is not
   */
  check(headers: IncomingHttpHeaders, allowsOrigin?: (origin: string) => boolean): FusionizerError | undefined {
    const { host, origin } = headers;
    if (host === undefined || !this.#isOurs(host)) {
      // A name that an attacker's DNS lets point here (rebinding) is a name; an IP address cannot be one.
      return refused(
        `the Host '${host ?? ''}' is not a name of this server: use its IP address or localhost, or start it with --allow-host ${hostName(host ?? 'NAME')}`,
      );
    }
    if (headers['sec-fetch-site'] === 'cross-site') return refused('a page of another web site sent it');
    if (origin === undefined || origin === `http://${host}` || allowsOrigin?.(origin)) return undefined;
    return refused(`it comes from a page of ${origin}${allowsOrigin ? ', which the CORS settings of the Task do not allow' : ''}`);
  }

  #isOurs(host: string): boolean {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const name = hostName(host);
    const ours = isIP(name) !== 0 || this.#names.has(name);
    if (this.#hosts.size < MAX_CACHED) this.#hosts.set(host, ours);
    return ours;
  }
}

/** Whether a browser would make a page of the answer. */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const destination = headers['sec-fetch-dest'];
  return typeof destination === 'string' && PAGES.has(destination);
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
