/** The codes of errors, on which programs can rely, and the HTTP status of each (docs/http-api.md, Errors). */
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
  source: 409,
  revision: 412,
  'too-large': 413,
  unsupported: 415,
  task: 422,
  setup: 422,
  internal: 500,
  platform: 502,
  busy: 503,
  'no-answer': 504,
  loop: 508,
} as const;
export type ErrorCode = keyof typeof STATUS;

export interface ErrorPlace {
  /** Relative to the Task's folder. */
  file?: string | undefined;
  /** From 1. */
  line?: number | undefined;
  /** Keys in a configuration, if the line is not known: the deploy finds the line with them (`configPlace.ts`). */
  keys?: readonly string[] | undefined;
  cause?: unknown;
}

/** An error that a person can act on. Its message says what happened, where, and what to do. */
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

/**
 * The answer to every request for a Task that is not deployed, in the words of the original Fusionizer.
 * @param meant the Task that was probably meant
 */
export function noSuchTask(name: string, meant?: string): FusionizerError {
  const question = meant === undefined ? '' : `. Did you mean '${meant}'?`;
  return new FusionizerError('not-found', `No Task '${name}' could be found${question}`);
}

/**
 * Refuses to put two Tasks into one function.
 * @throws FusionizerError `setup` with the names of the two Tasks
 */
export function cannotFuse(one: { readonly name: string }, other: { readonly name: string }, why: string): never {
  throw new FusionizerError('setup', `Tasks '${one.name}' and '${other.name}' cannot be fused: ${why}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Converts anything thrown to a FusionizerError. Any other error keeps its message and gets the code `fallback`. */
export function asFusionizerError(error: unknown, fallback: ErrorCode = 'internal'): FusionizerError {
  if (error instanceof FusionizerError) return error;
  return isDiskFault(error) ? diskFault(error) : new FusionizerError(fallback, messageOf(error), { cause: error });
}

/** The system's error codes for files that cannot be used, whatever their purpose. */
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

/** The message names the state folder, because the server does not work on any other files. */
function diskFault(error: NodeJS.ErrnoException): FusionizerError {
  return new FusionizerError(
    'internal',
    `The server cannot use the files in its state folder, so nothing was changed: ${error.message}`,
    { cause: error },
  );
}
