import type { z } from 'zod';
import type { ErrorCode } from '../../shared/errors.ts';

/** The groups of operations in the OpenAPI document, in the order in which it shows them. */
export const TAGS = {
  Tasks: 'Deploy, show and delete Tasks.',
  Invocations:
    'Send events to Tasks. The handler gets path, query, headers and body, ' +
    'and decides the status, headers and body of the answer.',
  Setup: 'Which Tasks run together in one function.',
  Schedule: 'Fusion Setups over time.',
  Operations: 'Deploys, deletions and changes of the setup, while they run and afterwards.',
  Observation: 'Logs, traces and events.',
  Server: 'The server itself.',
} as const;
export type Tag = keyof typeof TAGS;

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options';

/** One kind of answer that an endpoint gives. */
export interface Answer {
  description: string;
  /** Schemas by media type. Undefined for an answer without a body. */
  content?: Readonly<Record<string, z.ZodType>>;
  /** The meanings of the answer's headers, by name. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * A body that the server reads without a schema: a multipart upload, or an event of any type. The schema here only
 * describes it.
 */
export interface RawBody {
  type: string;
  required: boolean;
  description: string;
  schema: object;
}

/**
 * One operation of the HTTP API. `serve` checks requests with it, and `/-/openapi.json` is generated from it. The two
 * therefore cannot differ.
 */
export interface Endpoint {
  method: Method;
  /** In OpenAPI's notation: `/-/tasks/{task}`. */
  path: string;
  /** `operationId` in the document. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** Only describes them. The code that looks up a name or an id reports that it does not exist. */
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** Keys are the headers' names. */
  headers?: z.ZodObject;
  /** A JSON body. */
  body?: z.ZodType;
  rawBody?: RawBody;
  /** The answers to requests that succeed, by status. `default` is whatever the handler of an invocation answers. */
  answers: Readonly<Record<number | 'default', Answer> | Record<number, Answer>>;
  /** The errors of this endpoint, besides those that any request may get. */
  errors: readonly ErrorCode[];
}

/** Returns the description as it is, and keeps the exact types of its schemas. */
export function endpoint<const E extends Endpoint>(description: E): E {
  return description;
}

/** Whether an endpoint with a JSON body answers requests without one, too. */
export const takesNoBody = ({ body }: Endpoint): boolean => body?.safeParse(undefined).success === true;
