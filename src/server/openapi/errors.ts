import { type ErrorCode, STATUS } from '../../shared/errors.ts';
import { HEADERS } from '../../shared/headers.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { ORIGINAL_STATUS, statusesOf } from '../http/originalStatus.ts';
import type { Reference, ResponseObject, Schema } from './types.ts';

/** The meaning of each error code for a client. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  malformed: 'the request cannot be understood',
  option: "one of the server's options is wrong; only the start of a server fails with it",
  unauthorized: 'the server needs a token, and the request has no token or a wrong one',
  forbidden:
    'a page of another web site sent the request, its Host is not a name of this server, ' +
    "or a function's token does not allow it",
  'not-found': 'no such Task, operation, schedule entry or address',
  method: 'the address does not support this method',
  timeout: 'the body made no progress for too long',
  superseded: 'a newer request superseded this one; nothing of it was applied',
  cancelled: 'the operation was cancelled; the functions from before it keep serving',
  'port-taken': 'another program uses the port; only the start of a server fails with it',
  'state-in-use': 'another server uses the state folder; only the start of a server fails with it',
  source: 'the Task was deployed from another source, and the request does not say that it replaces it',
  revision: 'the setup is not the one that If-Match names',
  'too-large': 'the zip or the JSON body is too large',
  unsupported: 'the charset or the encoding of the body is not known',
  task: 'the Task is at fault: its zip, function.yaml, build command or code',
  setup: 'these Tasks cannot run in one function',
  internal: 'a bug of the server',
  platform: 'the platform failed, or the Task could not be started again after a restart',
  busy: 'the server is starting or closing, or has too much to do',
  'no-answer': "no answer came within the client's time-out; only clients report it",
  loop: 'the chain of calls between Tasks is too long, or it needs more workers than the server may have',
};

/**
 * Errors that any request may get: an address or a body that cannot be read, a wrong token, a page of another web site,
 * a server that starts or fails.
 */
const COMMON: readonly ErrorCode[] = ['malformed', 'unauthorized', 'forbidden', 'timeout', 'internal', 'busy'];

/** The errors of an endpoint, by status, as references to `errorResponses`. */
export function errorsOf({ errors, body, rawBody, method, path }: Endpoint): Record<string, Reference> {
  const codes = new Set<ErrorCode>([...COMMON, ...errors]);
  // Any client that knows an operation's id can cancel it.
  if (codes.has('superseded')) codes.add('cancelled');
  if (body !== undefined && rawBody === undefined) codes.add('unsupported').add('too-large');
  const statuses = [...new Set([...codes].flatMap((code) => statusesOf(method, path, code)))].sort((a, b) => a - b);
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]));
}

/** One response for each status that an error has. */
export function errorResponses(problem: Schema): Record<string, ResponseObject> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const [code, status] of Object.entries(STATUS) as [ErrorCode, number][])
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [`Error${status}`, errorResponse(codes, problem)]));
}

function errorResponse(codes: readonly ErrorCode[], problem: Schema): ResponseObject {
  const header = (description: string) => ({ description, schema: { type: 'string' } });
  const meanings = codes.map((code) => `\`${code}\`: ${MEANINGS[code]}`);
  if (codes.some((code) => STATUS[code] === ORIGINAL_STATUS))
    meanings.push('on `/{task}` also `not-found`, and `platform` where a deploy or a deletion fails');
  return {
    description: meanings.join('; '),
    headers: {
      [HEADERS.error]: header('The code of the error'),
      ...(codes.includes('busy') ? { 'Retry-After': header('Seconds') } : {}),
      ...(codes.includes('method') ? { Allow: header('The methods that the address supports') } : {}),
    },
    content: { 'text/plain': { schema: { type: 'string' } }, 'application/problem+json': { schema: problem } },
  };
}
