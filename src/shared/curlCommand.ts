import type { RecordedRequest } from './traceApi.ts';

/** Headers that curl makes itself, or that belong to one connection. */
const LEFT_OUT = /^(host|content-length|connection|transfer-encoding|expect)$/i;
const MASKED = '***';

/** A recorded request as a command for a POSIX shell. */
export interface CurlCommand {
  readonly command: string;
  /** What the command lacks, for a person. */
  readonly notes: readonly string[];
}

/** @param server the server's address without a slash at its end */
export function curlCommand(server: string, task: string, request: RecordedRequest): CurlCommand {
  const { method, path, headers, body, encoding, truncated } = request;
  const notes: string[] = [];
  // A GET or HEAD of the bare name would be a request to the server itself.
  const url = `${server}/${task}${method === 'POST' && path === '/' ? '' : path}`;
  const args = [...(method === 'HEAD' ? ['--head'] : ['-X', method]), quoted(url)];
  let hasType = false;
  for (const [name, value] of Object.entries(headers)) {
    if (LEFT_OUT.test(name)) continue;
    hasType ||= name.toLowerCase() === 'content-type';
    for (const one of [value].flat())
      if (one === MASKED) notes.push(`The header ${name} is secret and not recorded: add it with -H`);
      else args.push('-H', quoted(one === '' ? `${name};` : `${name}: ${one}`));
  }
  if (path.includes(MASKED)) notes.push('A secret in the path is not recorded: replace *** by it');
  if (body.includes(MASKED)) notes.push('The body has ***, which may stand for a secret');
  if (truncated) notes.push('Only the first 64 KiB of the body are recorded');
  if (body === '') return { command: ['curl', ...args].join(' '), notes };
  // Without a type, curl would name that of a form.
  if (!hasType) args.push('-H', quoted('Content-Type:'));
  const isText = encoding === 'utf8';
  args.push('--data-binary', isText ? quoted(body.startsWith('@') ? '@-' : body) : '@-');
  const command = ['curl', ...args].join(' ');
  if (!isText) return { command: `printf %s ${quoted(body)} | base64 -d | ${command}`, notes };
  return { command: body.startsWith('@') ? `printf %s ${quoted(body)} | ${command}` : command, notes };
}

/** Control characters, which could act on a terminal. Line breaks and tabs cannot. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

function quoted(text: string): string {
  if (/^[\w/.:=+,-]+$/.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // As bash, zsh and ksh have it, byte by byte.
  const inBytes = (character: string): string =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return `$'${text.replace(/[\\']|[\x00-\x1f\x7f-\x9f]/g, inBytes)}'`;
}
