/** What went wrong, as a code that programs can rely on. Each maps to one HTTP status (design: The HTTP API). */
export const STATUS = {
  malformed: 400,
  option: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  method: 405,
  timeout: 408,
  superseded: 409,
  cancelled: 409,
  'port-taken': 409,
  'state-in-use': 409,
  revision: 412,
  'too-large': 413,
  unsupported: 415,
  task: 422,
  setup: 422,
  internal: 500,
  platform: 502,
  busy: 503,
  'no-answer': 504,
} as const;
export type ErrorCode = keyof typeof STATUS;

export interface ErrorPlace {
  /** Relative to the Task's folder. */
  file?: string | undefined;
  /** From 1. */
  line?: number | undefined;
  /** Of a configuration, where only they are known: the deploy finds the line (`configPlace.ts`). */
  keys?: readonly string[] | undefined;
  cause?: unknown;
}

/** An error that a person can act on: its message says what happened, where, and what to do. */
export class FusionizerError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly keys: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = 'FusionizerError';
    this.code = code;
    this.file = place.file;
    this.line = place.line;
    this.keys = place.keys;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** What every request for a Task that is not deployed is answered; the original Fusionizer's words. */
export function noSuchTask(name: string): FusionizerError {
  return new FusionizerError('not-found', `No Task '${name}' could be found`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns anything thrown into a FusionizerError; what is not one yet becomes `fallback` with its message kept. */
export function asFusionizerError(error: unknown, fallback: ErrorCode = 'internal'): FusionizerError {
  if (error instanceof FusionizerError) return error;
  return isDiskFault(error) ? diskFault(error) : new FusionizerError(fallback, messageOf(error), { cause: error });
}

/** What the system says when files cannot be used, whatever they are for. */
const DISK_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE']);

export function isDiskFault(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'syscall' in error &&
    !/^(spawn|listen|connect)/.test(String(error.syscall)) &&
    'code' in error &&
    DISK_FAULTS.has(String(error.code))
  );
}

/** The server works on no other files. */
function diskFault(error: NodeJS.ErrnoException): FusionizerError {
  return new FusionizerError(
    'internal',
    `The server cannot use the files in its state folder, so nothing was changed: ${error.message}`,
    { cause: error },
  );
}
