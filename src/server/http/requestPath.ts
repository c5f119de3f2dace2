/**
 * What a request is for, told by its method and raw path alone (design: The HTTP API). Case-sensitive; nothing is
 * decoded.
 */
export type RequestKind =
  | { kind: 'control' }
  /** `task` is the raw first segment, not checked; `target` is path and query behind it, beginning with `/`. */
  | { kind: 'invocation'; task: string; target: string };

const CONTROL: RequestKind = { kind: 'control' };
const INVOKE_PREFIX = '/-/tasks/';

/**
 * A request's target as path and query. A proxy's form, `http://host/path`, is allowed too (RFC 9112, 3.2.2), but only
 * for the host that the `Host` header names: otherwise one of the two could name a foreign site and the other this
 * server.
 * @param url as it came
 * @returns undefined for what is neither: `*`, `https://...`, another host
 */
export function originForm(url: string, host: string | undefined): string | undefined {
  if (url.startsWith('/')) return url;
  const [, authority, rest = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (authority === undefined || host === undefined || authority.toLowerCase() !== host.toLowerCase()) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * An invocation is `POST /{task}`, any method on `/{task}/<path>`, any method on `/-/tasks/{task}/invoke[/path]`;
 * nothing else is one.
 * @param url path and query as they came, see `originForm`
 * @param preflight a browser asks whether it may send such a POST: that is for the Task's CORS settings to answer
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
