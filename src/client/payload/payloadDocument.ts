/**
 * The text of a payload document: an optional head of comment lines, then the body.
 *
 *     // PUT /orders?dry=1
 *     // X-Customer: 7
 *
 *     {"amount": 3}
 *
 * A document without a head is the body of a POST to `/`. docs/vscode.md describes the format for users.
 */

/** The request that a payload document describes. */
export interface PayloadRequest {
  /** In upper case. */
  readonly method: string;
  /** Path and query behind the Task, as written. */
  readonly path: string;
  /** In order, names as written; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As written in the document. */
  readonly body: string;
}

/** `//` in JSON, where editors know it as a comment too; `#` in every other text. */
export type CommentMarker = '//' | '#';

const USUAL_METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$/;

/**
 * Reads a payload document. It never fails: text that is not a head is the body. The head consists of the comment lines
 * at the very top, if one of them is a request line. In JSON, notes may stand above that line. In other texts it has to
 * be the first line, as comments may be part of the body. Head lines below it that are not headers are notes.
 */
export function parsePayload(text: string, marker: CommentMarker): PayloadRequest {
  const lines = headLines(text, marker);
  const at = lines.findIndex(({ content }) => parseRequestLine(content) !== undefined);
  const [method, path] = parseRequestLine(lines[at]?.content ?? '') ?? ['POST', '/'];
  if (at === -1 || (marker === '#' && at > 0)) return { method: 'POST', path: '/', headers: [], body: text };
  const headers = lines.slice(at + 1).flatMap(({ content }): [string, string][] => {
    const [, name, value] = HEADER.exec(content) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  const end = lines.at(-1)?.end ?? 0;
  // One empty line separates head and body.
  const gap = /^[ \t]*(\r\n|\n|$)/.exec(text.slice(end))?.[0].length ?? 0;
  return { method, path, headers, body: text.slice(end + gap) };
}

/**
 * Writes a payload document that parsePayload() reads as the same request. It always writes the head, which shows what
 * can be changed.
 */
export function serialisePayload({ method, path, headers, body }: PayloadRequest, marker: CommentMarker): string {
  const head = [`${method} ${path}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return `${head.map((line) => `${marker} ${line}`.trimEnd()).join('\n')}\n\n${body}`;
}

/** The comment lines at the top, without their marker. */
function headLines(text: string, marker: CommentMarker): { content: string; end: number }[] {
  const lines: { content: string; end: number }[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(start, end).trim();
    if (!line.startsWith(marker)) break;
    lines.push({ content: line.slice(marker.length).trim(), end });
    start = end;
  }
  return lines;
}

/** `POST /path?query`, with or without `HTTP/1.1` after it. A usual method alone means the path `/`. */
function parseRequestLine(line: string): [method: string, path: string] | undefined {
  const [, word = '', path] = /^([A-Za-z]+)(?:[ \t]+([/?].*?))?(?:[ \t]+HTTP\/[\d.]+)?$/.exec(line) ?? [];
  const method = word.toUpperCase();
  // Prose may begin with a word and a path too ("see /docs"), so other methods have to be in upper case.
  if (!USUAL_METHODS.has(method) && !(path !== undefined && word === method && word !== '')) return undefined;
  return [method, path ?? '/'];
}
