import { type ErrorCode, STATUS } from '../../shared/errors.ts';
import type { Endpoint } from '../api/endpoint.ts';
import type { Reference, ResponseObject, Schema } from './types.ts';

/** What each error code means to a client. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  malformed: 'the request cannot be understood',
  option: "one of the server's options is at fault; only the start of a server fails with it",
  unauthorized: 'the server asks for a token, and there is none or a wrong one',
  forbidden:
    'a page of another web site sent it, its Host is no name of this server, or it came with a token of a function',
  'not-found': 'no such Task, operation, schedule entry or address',
  method: 'the address does not take this method',
  timeout: 'the body made no progress for too long',
  superseded: 'a newer request made this one void; nothing of it was applied',
  cancelled: 'the operation was cancelled; what served before still serves',
  'port-taken': 'another program listens on the port; only the start of a server fails with it',
  'state-in-use': 'another server uses the state folder; only the start of a server fails with it',
  revision: 'the setup is not the one that If-Match names',
  'too-large': 'the zip or the JSON body is too large',
  unsupported: 'the charset or the encoding of the body is not known',
  task: 'the Task is at fault: zip, function.yaml, build command, code',
  setup: 'these Tasks cannot be one function',
  internal: 'a fault of the server',
  platform: 'the platform failed, or the Task could not be started again after a restart',
  busy: 'the server is starting or closing',
  'no-answer': 'no answer came within the time that the client gave it; no server sends it',
};

/**
 * Errors that any request may get: an address or a body that cannot be read, tokens, other web sites, a server that
 * starts or fails.
 */
const COMMON: readonly ErrorCode[] = ['malformed', 'unauthorized', 'forbidden', 'timeout', 'internal', 'busy'];

/** The errors of an endpoint, by status, as references to `errorResponses`. */
export function errorsOf({ errors, body, rawBody }: Endpoint): Record<string, Reference> {
  const codes = new Set<ErrorCode>([...COMMON, ...errors]);
  // Operations are cancelled by those who know their ids.
  if (codes.has('superseded')) codes.add('cancelled');
  if (body !== undefined && rawBody === undefined) codes.add('unsupported').add('too-large');
  const statuses = [...new Set([...codes].map((code) => STATUS[code]))].sort((a, b) => a - b);
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
  return {
    description: codes.map((code) => `\`${code}\`: ${MEANINGS[code]}`).join('; '),
    ...(codes.includes('busy') ? { headers: { 'Retry-After': header('Seconds') } } : {}),
    ...(codes.includes('method') ? { headers: { Allow: header('The methods that it takes') } } : {}),
    content: { 'text/plain': { schema: { type: 'string' } }, 'application/problem+json': { schema: problem } },
  };
}
