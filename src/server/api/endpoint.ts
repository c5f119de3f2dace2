import type { z } from 'zod';
import type { ErrorCode } from '../../shared/errors.ts';

/** The groups of the document, in its order. */
export const TAGS = {
  Tasks: 'Deploy Tasks, look at them, delete them.',
  Invocations:
    "Send events to Tasks. Path, query, headers and body reach the handler; status, headers and body of the answer are the handler's.",
  Setup: 'Which Tasks run together in one function.',
  Schedule: 'Fusion Setups over time.',
  Operations: 'Deploys, deletions and changes of the setup, while they run and after.',
  Observation: 'What happens: logs, traces, events.',
  Server: 'The server itself.',
} as const;
export type Tag = keyof typeof TAGS;

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options';

/** One kind of answer of an endpoint. */
export interface Answer {
  description: string;
  /** Schemas by media type; without it the answer has no body. */
  content?: Readonly<Record<string, z.ZodType>>;
  /** What headers of the answer mean, by name. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * A body that the server reads itself, and of which the schema is only a description: a multipart upload, or an event
 * of any type.
 */
export interface RawBody {
  type: string;
  required: boolean;
  description: string;
  schema: object;
}

/**
 * One operation of the HTTP API. It is what `serve` checks requests with, and what `/-/openapi.json` says of it, so
 * that the two cannot differ.
 */
export interface Endpoint {
  method: Method;
  /** As in OpenAPI: `/-/tasks/{task}`. */
  path: string;
  /** `operationId` in the document. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** Described only: a name or an id that does not exist is answered by those who look it up. */
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** Keys are the headers' names. */
  headers?: z.ZodObject;
  /** A JSON body. */
  body?: z.ZodType;
  rawBody?: RawBody;
  /** What succeeds, by status; `default`: whatever the handler of an invocation answers. */
  answers: Readonly<Record<number | 'default', Answer> | Record<number, Answer>>;
  /** Errors of its own, besides those that every request may get. */
  errors: readonly ErrorCode[];
}

/** Keeps the types of an endpoint's schemas. */
export function endpoint<const E extends Endpoint>(description: E): E {
  return description;
}
