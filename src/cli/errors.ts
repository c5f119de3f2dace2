import { CommanderError } from 'commander';
import { ClientError, ServerUnreachableError } from '../client/errors.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { NoTaskError, TaskNameError } from '../task/errors.ts';
import { ExitCode } from './exitCodes.ts';
import { PROGRAM } from './invokedAs.ts';
import type { Terminal } from './terminal.ts';

/** The command line asks for something that cannot be done. */
export class UsageError extends Error {
  /** What to do next, if the message does not say it. */
  readonly hint: string | undefined;

  constructor(message: string, { hint, ...options }: ErrorOptions & { hint?: string } = {}) {
    super(message, options);
    this.hint = hint;
  }
}

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
      hint: `${ofVariable(error)}Start one with \`${PROGRAM} serve\`, or choose another one with --server URL.`,
    };
  if (isOption(error)) return { code: 'usage', detail: error.message };
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
      ...(/^No Task '.*' could be found/.test(error.message)
        ? { hint: `\`${PROGRAM} list\` shows the Tasks of this server.` }
        : {}),
    };
  }
  if (error instanceof UsageError)
    return { code: 'usage', detail: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return { code: 'internal', detail: messageOf(error) };
}

/** A variable that was set long ago is the last place where its user searches. */
function ofVariable({ address }: ServerUnreachableError): string {
  const url = process.env['FUSIONIZER_URL'] || undefined;
  const isNamed = url !== undefined && URL.canParse(url) && new URL(url).origin === new URL(address).origin;
  return isNamed ? 'FUSIONIZER_URL names this server. ' : '';
}

/** Shows an error once, as one block on stderr: what, where, what to do. With --json it is one JSON line. */
export function reportError(cli: Output, error: unknown): void {
  if (error instanceof ReportedError) return;
  // Commander has written what was asked for: the help or the version.
  if (error instanceof CommanderError) return;
  printError(cli, describeError(error));
}

export function printError({ err, json }: Output, report: ErrorReport): void {
  if (json) {
    err.write(`${JSON.stringify({ error: report })}\n`);
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
