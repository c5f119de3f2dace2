import type { IncomingMessage } from 'node:http';
import { type ErrorCode, type FusionizerError, STATUS } from '../../shared/errors.ts';

/** The status of every failure in the original Fusionizer (docs/compatibility.md). */
export const ORIGINAL_STATUS = 422;
/** `/{task}`, which is all of its address space: https://github.com/marvin-steinke/nuclio_fusionizer */
const ADDRESS = /^\/[^/?]+(\?|$)/;

/** What its handlers can fail with, by method. It does not have the other errors, which keep their own status. */
const CODES: Readonly<Record<string, readonly ErrorCode[]>> = {
  GET: ['not-found'],
  HEAD: ['not-found'],
  POST: ['not-found'],
  PUT: ['not-found', 'platform'],
  DELETE: ['not-found', 'platform'],
};

/**
 * The status of an error. Scripts for the original Fusionizer check for 422 on its four requests; addresses that it
 * does not have (`/-/...`, `/{task}/...`) use the whole range of HTTP.
 */
export function statusOf(
  { method = '', url = '' }: Pick<IncomingMessage, 'method' | 'url'>,
  error: FusionizerError,
): number {
  return isOriginals(method, url, error.code) ? ORIGINAL_STATUS : error.status;
}

/** The statuses that a code may have on an address, for the description of the API. */
export function statusesOf(method: string, path: string, code: ErrorCode): number[] {
  return isOriginals(method.toUpperCase(), path, code) ? [STATUS[code], ORIGINAL_STATUS] : [STATUS[code]];
}

const isOriginals = (method: string, url: string, code: ErrorCode): boolean =>
  CODES[method]?.includes(code) === true && ADDRESS.test(url);
