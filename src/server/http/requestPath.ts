import type { IncomingMessage } from 'node:http';

/**
 * The purpose of a request. Only its method and raw path decide it (docs/http-api.md, Invocations and control). They
 * are case-sensitive, and nothing is decoded.
 */
export type RequestKind =
  | { kind: 'control' }
  /** `task` is the raw first segment, unchecked. `target` is the path and query after it, and begins with `/`. */
  | { kind: 'invocation'; task: string; target: string };

const CONTROL: RequestKind = { kind: 'control' };
const INVOKE_PREFIX = '/-/tasks/';

/**
 * Converts a request's target to path and query. The form for proxies, `http://host/path`, is allowed too (RFC 9112,
 * 3.2.2), but only if its host is that of the `Host` header. Otherwise one of the two could name a foreign site and the
 * other this server.
 * @param url the target as it came
 * @returns undefined for any other target: `*`, `https://...`, another host
 */
export function originForm(url: string, host: string | undefined): string | undefined {
  if (url.startsWith('/')) return url;
  const [, authority, rest = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (authority === undefined || host === undefined || authority.toLowerCase() !== host.toLowerCase()) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * An invocation is `POST /{task}`, any method on `/{task}/<path>`, or any method on `/-/tasks/{task}/invoke[/path]`.
 * All else belongs to the control API.
 * @param url path and query as they came, see `originForm`
 * @param preflight whether a browser asks if it may send such a POST, which the Task's CORS settings answer
 */
export function classify(method: string, url: string, preflight = false): RequestKind {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? '' : url.slice(question);
  if (path.startsWith('/-/')) {
    if (!path.startsWith(INVOKE_PREFIX)) return CONTROL;
    const end = path.indexOf('/', INVOKE_PREFIX.length);
    if (end < 0) return CONTROL;
    const rest = path.slice(end);
    if (rest !== '/invoke' && !rest.startsWith('/invoke/')) return CONTROL;
    return {
      kind: 'invocation',
      task: path.slice(INVOKE_PREFIX.length, end),
      target: (rest.slice('/invoke'.length) || '/') + query,
    };
  }
  const end = path.indexOf('/', 1);
  if (end > 0) return { kind: 'invocation', task: path.slice(1, end), target: path.slice(end) + query };
  if ((method === 'POST' || preflight) && path.length > 1 && path !== '/-')
    return { kind: 'invocation', task: path.slice(1), target: `/${query}` };
  return CONTROL;
}

/** The most that a log record shows of a path, in characters. */
const MAX_SHOWN = 100;

/** Method and path for a log record. The query is left out: it may hold secrets. */
export const shownRequest = ({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): string =>
  `${method} ${(url.split('?', 1)[0] ?? '').slice(0, MAX_SHOWN)}`;
