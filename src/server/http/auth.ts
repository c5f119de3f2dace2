import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { FusionizerError } from '../../shared/errors.ts';
import { tokenFault } from '../../shared/token.ts';

/**
 * What a request wants to do: an invoke token may invoke, send traces and ask whether a Task exists; only the admin
 * token may do the rest.
 */
export type Access = 'invoke' | 'control';

/**
 * A browser keeps cookies by host, whichever the port: only their names tell those of several servers on one host
 * apart.
 */
const COOKIE = 'fusionizer_token_';
const OWN_COOKIE = new RegExp(`^${COOKIE}\\d+=`);

/** Of an admin token, in characters: shorter ones can be guessed. */
const SHORTEST = 16;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** In constant time, whatever the lengths. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

/**
 * The admin token of a state folder, made at the first start; readable by its user alone.
 * @throws FusionizerError `internal` for a file that holds no token
 */
export async function readAdminToken(file: string): Promise<string> {
  const made = `${randomBytes(32).toString('base64url')}\n`;
  await writeFile(file, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const token = (await readFile(file, 'utf8')).trim();
  const refuse = (why: string): never => {
    throw new FusionizerError('internal', `The token file ${file} ${why}. Remove it, and the server makes one`, {
      file,
    });
  };
  if (token.length < SHORTEST)
    refuse(
      `holds ${token === '' ? 'no token' : `a token of ${token.length} characters`}: it needs ${SHORTEST} characters or more`,
    );
  const fault = tokenFault(token);
  if (fault !== undefined) refuse(fault);
  return token;
}

/** Why a token's file keeps no secret; undefined where it does, and on Windows, which has no such modes. */
export async function exposureOf(file: string): Promise<string | undefined> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined;
  return `Other users of this machine may read the token file ${file}, and so do everything here: take that away with chmod 600`;
}

/**
 * Asks for tokens (design: Security). Switched off where only this machine's loopback address reaches the server,
 * unless it was asked for.
 */
export class Auth {
  readonly required: boolean;
  readonly #admin: string;

  constructor(admin: string, required: boolean) {
    this.#admin = admin;
    this.required = required;
  }

  /** What a function holds: it tells by itself that this server made it, and for which function. */
  invokeToken(functionName: string): string {
    return `${functionName}.${createHmac('sha256', this.#admin).update(functionName).digest('base64url')}`;
  }

  /** @returns why the request is refused, `unauthorized` or `forbidden`; undefined if it is not */
  check(request: IncomingMessage, access: Access): FusionizerError | undefined {
    if (!this.required) return undefined;
    const given = bearer(request.headers.authorization);
    // All cookies of that name: one for a deeper path hides none.
    const tokens =
      given === undefined ? cookiesNamed(cookieName(request.headers.host), request.headers.cookie) : [given];
    if (tokens.length === 0) {
      return new FusionizerError(
        'unauthorized',
        'This server asks for a token: send it as Authorization: Bearer TOKEN, or open /-/health?token=TOKEN in a browser; the server prints where its token is kept',
      );
    }
    if (tokens.some((token) => same(token, this.#admin))) return undefined;
    if (!tokens.some((token) => this.#isInvokeToken(token)))
      return new FusionizerError('unauthorized', 'The token is not one of this server');
    return access === 'invoke'
      ? undefined
      : new FusionizerError('forbidden', "A function's token may invoke Tasks and send traces, nothing else");
  }

  /** Whether it is a function that asks, by its invoke token. */
  isFunction(request: IncomingMessage): boolean {
    return this.check(request, 'control')?.code === 'forbidden';
  }

  /** Whether a header holds one of our tokens, which no Task may see. */
  isOwn(authorization: string): boolean {
    const token = bearer(authorization);
    return token !== undefined && (same(token, this.#admin) || this.#isInvokeToken(token));
  }

  /**
   * A browser brings the token in the URL once, and gets a cookie for it.
   * @returns what to answer; undefined where the URL has no token, or a wrong one
   */
  exchange(request: IncomingMessage): { location: string; cookie: string } | undefined {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    // Of a plain path only: a browser takes a Location such as //host or /\host for another site.
    if (!this.required || request.method !== 'GET' || !/^(\/[\w-]+)+$/.test(path)) return undefined;
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
 * The name of the cookie for the address that a browser asks.
 * @param host the Host header: behind a tunnel the browser's port is another one than the server's
 */
export function cookieName(host = ''): string {
  return COOKIE + (/:(\d+)$/.exec(host)?.[1] ?? '80');
}

/** A Cookie header without ours, and without those of other servers like this one on the same host. */
export function withoutOwnCookie(header: string): string {
  return header
    .split(/; */)
    .filter((part) => !OWN_COOKIE.test(part))
    .join('; ');
}

/** Whether a browser brings such a cookie, whatever it holds. */
export function hasOwnCookie(header: string): boolean {
  return header.split(/; */).some((part) => OWN_COOKIE.test(part));
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function cookiesNamed(name: string, header: string | undefined): string[] {
  const parts = header?.split(/; */) ?? [];
  return parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
}
