import { isUtf8 } from 'node:buffer';
import { METHODS } from 'node:http';
import type { Command } from 'commander';
import { contentTypeOf } from '../../client/contentType.ts';
import type { InvocationAnswer } from '../../client/fusionizerClient.ts';
import { formatDuration, roundDuration } from '../../shared/format.ts';
import { collect, parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exitCodes.ts';
import { PROGRAM } from '../invokedAs.ts';
import { readRequestBody } from '../requestBody.ts';

interface InvokeOptions {
  data?: string;
  file?: string;
  path: string;
  method: string;
  header?: string[];
  include?: boolean;
}

/** `fusionizer invoke`: sends one event to a Task. The answer's body goes to stdout unchanged. */
export function registerInvoke(program: Command, cli: Cli): void {
  program
    .command('invoke')
    .description('Send an event to a Task and print the answer.')
    .argument('<task>', "the Task's name", parseName)
    .option('-d, --data <text>', 'the body, sent as JSON if it is JSON, else as text')
    .option('-f, --file <file>', "the body's file; - reads stdin, as does a pipe without -d and -f")
    .option('-p, --path <path>', 'path and query after the Task', '/')
    .option('-X, --method <method>', 'the HTTP method', 'POST')
    .option('-H, --header <header>', "a header, 'Name: value'; may be repeated", collect)
    .option('-i, --include', 'print status and headers before the body')
    .addHelpText(
      'after',
      '\nThe exit code is 4 when the handler answers with a status of 400 or above.\n\n' +
        `Example:\n  ${PROGRAM} invoke ingest -d '{"station": 7}' --path /batch?dry=1`,
    )
    .action((task: string, options: InvokeOptions) => invoke(cli, task, options));
}

async function invoke(cli: Cli, task: string, options: InvokeOptions): Promise<void> {
  if (options.data !== undefined && options.file !== undefined)
    throw new UsageError('--data and --file are both the body. Give one of them.');
  const method = options.method.toUpperCase();
  // CONNECT asks for a tunnel, and its answer is none to an event.
  if (!METHODS.includes(method) || method === 'CONNECT')
    throw new UsageError(`${JSON.stringify(options.method)} is not an HTTP method of an event. Write POST or GET.`);
  const headers = headersOf(options.header ?? []);
  const body = await readRequestBody({ ...options, method });
  const type = body && contentTypeOf(body);
  if (type !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = type;
  const client = await cli.connect('read');
  const began = performance.now();
  const answer = await client.invoke(task, { method, path: options.path, headers, body });
  const duration = performance.now() - began;
  if (answer.status >= 400) process.exitCode = ExitCode.handler;
  if (cli.json)
    return cli.printJson({
      status: answer.status,
      headers: answer.headers,
      ...jsonBody(answer),
      trace: answer.trace,
      duration: roundDuration(duration),
    });
  if (options.include) printHead(cli, answer);
  else if (answer.status < 200 || answer.status >= 300) {
    const paint = answer.status >= 400 ? cli.err.colors.red : cli.err.colors.yellow;
    cli.err.line(
      paint(`${answer.status} ${answer.statusText}`) +
        cli.err.colors.dim(` in ${formatDuration(duration)}, trace ${answer.trace}`),
    );
  }
  cli.out.write(answer.body);
  // The prompt begins on a line of its own. A pipe gets the answer only.
  if (cli.out.isTTY && answer.body.length > 0 && answer.body.at(-1) !== 0x0a) cli.out.line();
}

/** A header that is given several times is a list of values: RFC 9110, 5.3; for cookies RFC 6265, 4.2.1. */
function headersOf(texts: readonly string[]): Record<string, string> {
  const headers = new Map<string, [name: string, value: string]>();
  for (const [name, value] of texts.map(parseHeader)) {
    const key = name.toLowerCase();
    const [first = name, before] = headers.get(key) ?? [];
    const separator = key === 'cookie' ? '; ' : ', ';
    headers.set(key, [first, before === undefined ? value : `${before}${separator}${value}`]);
  }
  return Object.fromEntries(headers.values());
}

function parseHeader(text: string): [string, string] {
  // Names are tokens, values have no control characters: RFC 9110, 5.1 and 5.5.
  const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([^\0-\x08\x0a-\x1f\x7f]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`${JSON.stringify(text)} is not a header. Write 'Name: value'.`);
  return [name, value];
}

function printHead({ out }: Cli, { status, statusText, headers }: InvocationAnswer): void {
  out.line(out.colors.bold(`HTTP/1.1 ${status} ${statusText}`));
  for (const [name, value] of Object.entries(headers))
    for (const one of [value].flat()) out.line(`${out.colors.dim(`${name}:`)} ${one}`);
  out.line();
}

/** A JSON body as its value, text as text, bytes in base64. */
function jsonBody({ headers, body }: InvocationAnswer): { body: unknown } | { base64: string } {
  if (!isUtf8(body)) return { base64: body.toString('base64') };
  const text = body.toString();
  if (!/\bjson\b/.test(headers['content-type'] ?? '')) return { body: text };
  try {
    return { body: JSON.parse(text) };
  } catch {
    // Its type is JSON, its content is not: shown as text.
    return { body: text };
  }
}
