import { STATUS_CODES } from 'node:http';
import type { Problem } from './api.ts';
import type { FusionizerError } from './errors.ts';

/**
 * An error as a problem document (RFC 9457).
 * @param status of the answer, where it is not the one of the error's code
 */
export function toProblem(error: FusionizerError, status = error.status): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    ...(error.file === undefined ? {} : { file: error.file }),
    ...(error.line === undefined ? {} : { line: error.line }),
  };
}
