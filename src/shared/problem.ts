import { STATUS_CODES } from 'node:http';
import type { Problem } from './api.ts';
import type { FusionizerError } from './errors.ts';

/** An error as a problem document (RFC 9457). */
export function toProblem(error: FusionizerError): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.file === undefined ? {} : { file: error.file }),
    ...(error.line === undefined ? {} : { line: error.line }),
  };
}
