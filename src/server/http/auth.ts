import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { FusionizerError } from '../../shared/errors.ts';
import { tokenFault } from '../../shared/token.ts';

/**
 * The kind of access that a request needs. An invoke token may invoke, send traces and ask whether a Task exists. All
 * else needs the admin token.
 */
export type Access = 'invoke' | 'control';

/**
 * A browser keeps one set of cookies for all ports of a host. The port in the name therefore separates the cookies of
 * several servers on one host.
 */
const COOKIE = 'fusionizer_token_';
const OWN_COOKIE = new RegExp(`^${COOKIE}\\d+=`);

/** The fewest characters of an admin token: shorter ones can be guessed. */
const SHORTEST = 16;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compares in constant time, even for texts of different lengths. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

/**
 * Reads the admin token of a state folder. The first start creates it, and only its user can read it.
 * @throws FusionizerError `internal` for a file that holds no token
 */
export async function readAdminToken(file: string): Promise<string> {
  const made = `${randomBytes(32).toString('base64url')}\n`;
  await writeFile(file, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const token = (await readFile(file, 'utf8')).trim();
  const refuse = (why: string): never => {
    throw new FusionizerError('internal', `The token file ${file} ${why}. Remove it: the server creates a new one`, {
      file,
    });
  };
  if (token.length < SHORTEST)
    refuse(
      `holds ${token === '' ? 'no token' : `a token of ${token.length} characters`}: ` +
        `it needs ${SHORTEST} characters or more`,
    );
  const fault = tokenFault(token);
  if (fault !== undefined) refuse(fault);
  return token;
}

/** @returns why other users can read a token's file; undefined if they cannot, and on Windows, which has no modes */
export async function exposureOf(file: string): Promise<string | undefined> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined;
  return (
    `Other users of this machine can read the token file ${file}, and with it control this server: ` +
    'make it private with chmod 600'
  );
}

/**
 * Checks the tokens of requests (docs/http-api.md, Tokens). Off by default where the server can only be reached
 * over this machine's loopback address.
 */
export class Auth {
  readonly required: boolean;
  readonly #admin: string;
  readonly #openOnLoopback: boolean;

  /** @param openOnLoopback whether a request over this machine's loopback address needs none all the same */
  constructor(admin: string, required: boolean, openOnLoopback = false) {
    this.#admin = admin;
    this.required = required;
    this.#openOnLoopback = openOnLoopback;
  }

  /** The token for a function. It proves, without a stored list, that this server made it and for which function. */
  invokeToken(functionName: string): string {
    return `${functionName}.${createHmac('sha256', this.#admin).update(functionName).digest('base64url')}`;
  }

  /** @returns why the request is refused, `unauthorized` or `forbidden`; undefined if it is allowed */
  check(request: IncomingMessage, access: Access): FusionizerError | undefined {
    if (!this.required || (this.#openOnLoopback && isOverLoopback(request))) return undefined;
    const given = bearer(request.headers.authorization);
    // Checks all cookies of that name: one that a Task set for a deeper path comes first, and must not hide the right
    // one.
    const tokens =
      given === undefined ? cookiesNamed(cookieName(request.headers.host), request.headers.cookie) : [given];
    if (tokens.length === 0) {
      return new FusionizerError(
        'unauthorized',
        'This server needs a token: send it as Authorization: Bearer TOKEN, ' +
          'or open /-/health?token=TOKEN in a browser; the server prints the place of its token when it starts',
      );
    }
    if (tokens.some((token) => same(token, this.#admin))) return undefined;
    if (!tokens.some((token) => this.#isInvokeToken(token)))
      return new FusionizerError('unauthorized', 'The token does not belong to this server');
    return access === 'invoke'
      ? undefined
      : new FusionizerError('forbidden', "A function's token can only invoke Tasks and send traces");
  }

  /** Whether the request comes from a function, by its invoke token. */
  isFunction(request: IncomingMessage): boolean {
    return this.check(request, 'control')?.code === 'forbidden';
  }

  /** Whether a header holds a token of this server. Tasks must not see these. */
  isOwn(authorization: string): boolean {
    const token = bearer(authorization);
    return token !== undefined && (same(token, this.#admin) || this.#isInvokeToken(token));
  }

  /**
   * Exchanges a token in the URL, which a browser sends once, for a cookie.
   * @returns the redirect to answer; undefined if the URL has no token or a wrong one
   */
  exchange(request: IncomingMessage): { location: string; cookie: string } | undefined {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    // Accepts plain paths only: to a browser, a Location such as //host or /\host is another site.
    if (!this.required || request.method !== 'GET' || !/^\/$|^(\/[\w-]+)+$/.test(path)) return undefined;
    const fields = new URLSearchParams(query);
    const token = fields.get('token');
    if (token === null || !same(token, this.#admin)) return undefined;
    fields.delete('token');
    return {
      location: fields.size === 0 ? path : `${path}?${fields}`,
      cookie: `${cookieName(request.headers.host)}=${token}; Path=/; HttpOnly; SameSite=Strict`,
    };
  }

  #isInvokeToken(token: string): boolean {
    return same(token, this.invokeToken(token.slice(0, Math.max(0, token.lastIndexOf('.')))));
  }
}

/**
 * The name of the cookie for the address that a browser uses.
 * @param host the Host header: behind a tunnel, the browser's port differs from the server's
 */
export function cookieName(host = ''): string {
  return COOKIE + (/:(\d+)$/.exec(host)?.[1] ?? '80');
}

/** A Cookie header without the tokens of this server and of other servers of this kind on the same host. */
export function withoutOwnCookie(header: string): string {
  return header
    .split(/; */)
    .filter((part) => !OWN_COOKIE.test(part))
    .join('; ');
}

/** Whether a browser sends such a cookie, whatever its value. */
export function hasOwnCookie(header: string): boolean {
  return header.split(/; */).some((part) => OWN_COOKIE.test(part));
}

/** Both ends count: neither can be a loopback address in a packet from another machine. */
function isOverLoopback({ socket: { localAddress = '', remoteAddress = '' } }: IncomingMessage): boolean {
  return [localAddress, remoteAddress].every((address) => /^(::1|(::ffff:)?127(\.\d+){3})$/.test(address));
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function cookiesNamed(name: string, header: string | undefined): string[] {
  const parts = header?.split(/; */) ?? [];
  return parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
}
