import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { repeatedKey } from '../../shared/repeatedKey.ts';
import { type Endpoint, takesNoBody } from './endpoint.ts';

/** The largest JSON body, in bytes. */
export const MAX_JSON = 1024 ** 2;
/** The most values that it may have. Each is checked, and no other request is answered meanwhile. */
const MAX_VALUES = 30_000;

type Params<E extends Endpoint> =
  E['params'] extends z.ZodObject<infer Shape> ? { [name in keyof Shape]: string } : undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request after the endpoint's schemas have parsed it. */
export type Input<E extends Endpoint> = {
  /** Unchanged and unchecked: the code that looks up a name or an id reports that it does not exist. */
  params: Params<E>;
  query: Parsed<E['query']>;
  headers: Parsed<E['headers']>;
  body: Parsed<E['body']>;
};

// Clients do not have to send the right type: `curl -d` sends a wrong one. express.json() would turn an empty body into
// `{}`.
const readText = express.text({ limit: MAX_JSON, type: () => true });

/**
 * Answers an endpoint's requests. Each is checked with the endpoint's schemas, which also describe it, before the
 * handler gets it. A request that does not fit them is answered with `malformed`.
 */
export function serve<E extends Endpoint>(
  router: Router,
  endpoint: E,
  handler: (request: Request, response: Response, input: Input<E>) => void | Promise<void>,
): void {
  const takesNone = takesNoBody(endpoint);
  const check: RequestHandler = (request, response) => {
    const input = {
      params: request.params,
      query: endpoint.query?.parse(request.query),
      headers: endpoint.headers?.parse(readHeaders(request, endpoint.headers)),
      body: endpoint.body?.parse(isEmpty(request.body) && takesNone ? undefined : parseJson(request.body)),
    };
    return handler(request, response, input as Input<E>);
  };
  router[endpoint.method](expressPath(endpoint.path), ...(endpoint.body ? [readText, check] : [check]));
}

/** Converts `/-/tasks/{task}` to Express's notation, `/-/tasks/:task`. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function readHeaders(request: Request, schema: z.ZodObject): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(schema.shape).map((name) => [name, request.get(name)]));
}

const isEmpty = (text: string | undefined): text is undefined | '' => text === undefined || text === '';

/** @param text undefined where the request has no body at all */
function parseJson(text: string | undefined): unknown {
  if (isEmpty(text)) throw new FusionizerError('malformed', 'The request has no body: send JSON to this address');
  if (hasTooManyValues(text)) {
    throw new FusionizerError(
      'too-large',
      `The request's body has more than ${MAX_VALUES} values: send fewer at a time`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FusionizerError('malformed', `The request's body is not valid JSON: ${messageOf(cause)}`, { cause });
  }
  // Lists (setups, and the frequent batches of traces) are not searched for repeated keys.
  const repeated = Array.isArray(value) ? undefined : repeatedKey(text);
  if (repeated === undefined) return value;
  throw new FusionizerError(
    'malformed',
    `The request's body has the key ${JSON.stringify(repeated.key)} twice in one object: keep one of them`,
  );
}

/** Whether a JSON text has too many values. Commas and brackets in strings are counted as well, which is quicker. */
function hasTooManyValues(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // , [ {
    if (code === 0x2c || code === 0x5b || code === 0x7b) count += 1;
  }
  return count > MAX_VALUES;
}
