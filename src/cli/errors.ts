import { CommanderError } from 'commander';
import { ClientError, ServerUnreachableError } from '../client/errors.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { NoTaskError, TaskNameError } from '../task/errors.ts';
import { ExitCode } from './exitCodes.ts';
import { PROGRAM } from './invokedAs.ts';
import type { Terminal } from './terminal.ts';

/** The command line asks for something that cannot be done. */
export class UsageError extends Error {}

/** The failure has been shown already. Only the exit code is left to set. */
export class ReportedError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('reported');
    this.exitCode = exitCode;
  }
}

/** Where errors are shown. */
interface Output {
  readonly err: Terminal;
  readonly json: boolean;
}

export interface ErrorReport {
  code: string;
  detail: string;
  status?: number;
  file?: string;
  line?: number;
  hint?: string;
}

/** What the server or a file says of an option's value is a fault of the command line. */
const isOption = (error: unknown): error is FusionizerError =>
  error instanceof FusionizerError && error.code === 'option';

export function exitCodeOf(error: unknown): number {
  if (error instanceof ReportedError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof UsageError || isOption(error)) return ExitCode.usage;
  if (error instanceof ServerUnreachableError) return ExitCode.unreachable;
  if (error instanceof ClientError && error.code === 'cancelled') return ExitCode.cancelled;
  return ExitCode.failed;
}

export function describeError(error: unknown): ErrorReport {
  if (error instanceof ServerUnreachableError)
    return {
      code: 'unreachable',
      detail: error.message,
      hint: `Start one with \`${PROGRAM} serve\`, or choose another one with --server URL.`,
    };
  if (error instanceof UsageError || isOption(error)) return { code: 'usage', detail: error.message };
  if (error instanceof ClientError || error instanceof FusionizerError) {
    return {
      code: error.code,
      detail: error.message,
      ...(error.status === 0 ? {} : { status: error.status }),
      ...(error.file === undefined ? {} : { file: error.file }),
      ...(error.line === undefined ? {} : { line: error.line }),
      ...(error instanceof TaskNameError ? { hint: 'Or choose another name with --name.' } : {}),
      ...(error instanceof NoTaskError
        ? { hint: `Make a new Task with \`${PROGRAM} init NAME\`, or name a folder that has a function.yaml.` }
        : {}),
    };
  }
  if (error instanceof CommanderError)
    return { code: 'usage', detail: usageDetail(error), hint: `\`${PROGRAM} --help\` lists commands and options.` };
  return { code: 'internal', detail: messageOf(error) };
}

/** Without a command, commander shows the help in place of a message. */
const usageDetail = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'A command is missing' : message.replace(/^error: /, '');

/** Shows an error once, as one block on stderr: what, where, what to do. With --json it is one JSON line. */
export function reportError(cli: Output, error: unknown): void {
  if (error instanceof ReportedError) return;
  // Commander has written its own message already, except with --json.
  if (error instanceof CommanderError && (!cli.json || error.exitCode === 0)) return;
  printError(cli, describeError(error));
}

export function printError({ err, json }: Output, report: ErrorReport): void {
  if (json) {
    err.line(JSON.stringify({ error: report }));
    return;
  }
  const { bold, red, dim } = err.colors;
  const [first = '', ...more] = report.detail.split('\n');
  err.line(`${bold(red('error:'))} ${first}`);
  for (const line of more) err.line(`  ${line}`);
  const place = placeOf(report);
  if (place !== undefined && !report.detail.includes(place)) err.line(dim(`  at ${place}`));
  if (report.hint !== undefined) err.line(`  ${report.hint}`);
}

function placeOf({ file, line }: ErrorReport): string | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? file : `${file}:${line}`;
}
