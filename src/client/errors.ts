import type { Problem } from '../shared/api.ts';

/** The server refused a request or failed to process it. The message says what happened and what to do. */
export class ClientError extends Error {
  /**
   * A code of the API's problems (`not-found`, `task`, ...), or `unexpected` for an answer that the API does not give.
   */
  readonly code: string;
  readonly status: number;
  /** Relative to the Task's folder. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;

  constructor(problem: Pick<Problem, 'code' | 'status' | 'detail' | 'file' | 'line'>, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ClientError';
    this.code = problem.code;
    this.status = problem.status;
    this.file = problem.file;
    this.line = problem.line;
  }
}

/** No server answers at the address, or the connection ended before the answer was complete. */
export class ServerUnreachableError extends Error {
  readonly address: string;
  /** Whether there was a connection, which has ended. */
  readonly wasReached: boolean;

  constructor(address: string, what: string, { wasReached, cause }: { wasReached: boolean; cause?: unknown }) {
    super(what, { cause });
    this.name = 'ServerUnreachableError';
    this.address = address;
    this.wasReached = wasReached;
  }
}

/** Whether a later attempt may succeed: there is no server (yet, or any more), or it is starting or closing. */
export function isPassing(error: unknown): error is ServerUnreachableError | ClientError {
  return error instanceof ServerUnreachableError || (error instanceof ClientError && error.code === 'busy');
}
