import { FusionizerError } from '../../../shared/errors.ts';

/** Why the server ends a worker. */
export interface KillReason {
  /** The predicate after "the worker". */
  readonly what: 'ended' | 'ran out of memory';
  readonly how: string;
  /** Whether the function is at fault: then the next start of the worker has to wait. */
  readonly crash: boolean;
}

/** How a worker ended. */
export interface WorkerEnd extends KillReason {
  /** The traceback of the error that ended it, if the worker reported one; else the last lines that it printed. */
  readonly output: string;
  /** It could not even be started. */
  readonly spawnError: Error | undefined;
}

/** The exit status of Node.js after an abort on Windows, which does not have signals. */
const ABORTED = 134;
/** Where function.yaml limits the memory. */
export const MEMORY_LIMIT = ['spec', 'resources', 'limits', 'memory'];

/** An event's worker ended before it answered. */
export class WorkerEndedError extends Error {
  readonly end: WorkerEnd;

  constructor(end: WorkerEnd) {
    super(end.how);
    this.name = 'WorkerEndedError';
    this.end = end;
  }
}

/**
 * How a worker ended that was not asked to.
 * @param heapFull whether V8 has reported that its heap is full, after which it aborts
 * @param limit of the function's memory, as function.yaml has it
 */
export function endedByItself(
  code: number | null,
  signal: NodeJS.Signals | null,
  heapFull: boolean,
  limit: string | undefined,
): KillReason {
  const aborted = signal === 'SIGABRT' || signal === 'SIGTRAP' || code === ABORTED;
  if (heapFull && aborted) {
    const why = limit === undefined ? '' : `limit ${limit}, `;
    return { what: 'ran out of memory', how: `${why}JavaScript heap out of memory`, crash: true };
  }
  if (signal === null) return { what: 'ended', how: `exit status ${code}`, crash: true };
  const hint = signal === 'SIGKILL' ? ', not by this server: the machine may have run out of memory' : '';
  return { what: 'ended', how: `killed by ${signal}${hint}`, crash: true };
}

/** The error of a start that failed because the worker ended. @param program that was started */
export function endedWhileStarting(program: string, { what, how, output, spawnError }: WorkerEnd): FusionizerError {
  if (spawnError)
    return new FusionizerError('platform', `${program} cannot be started: ${spawnError.message}`, {
      cause: spawnError,
    });
  if (what === 'ran out of memory') {
    return new FusionizerError(
      'task',
      `The function ${what} while it started (${how}): spec.resources.limits.memory is too small ` +
        'for the code and packages that it loads',
      {
        file: 'function.yaml',
        keys: MEMORY_LIMIT,
      },
    );
  }
  const said = output === '' ? '' : `: ${output.split('\n').slice(-5).join('\n')}`;
  return new FusionizerError('task', `The function ${what} while it started (${how})${said}`, {
    cause: output === '' ? undefined : new Error(output),
  });
}

export function notReadyInTime(timeout: number): FusionizerError {
  return new FusionizerError(
    'task',
    `The function was not ready after ${timeout / 1000} s. Does its module or init_context wait for ` +
      'something? spec.readinessTimeoutSeconds sets the time',
  );
}
