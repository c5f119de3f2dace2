import * as z from 'zod';
import { traceRecordSchema } from './api.ts';

/** Recorded requests and answers, and what is done with them, as they cross the HTTP API. */

/** Which traces a server keeps on disk: all, those that failed, or none. */
export const RECORD_MODES = ['all', 'errors', 'none'] as const;
export type RecordMode = (typeof RECORD_MODES)[number];

/** Recorded of a body; what is beyond is left out. In bytes. */
export const RECORDED_BODY = 64 * 1024;

const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
export type RecordedHeaders = z.infer<typeof headersSchema>;

const bodyFields = {
  headers: headersSchema.describe('A header that came several times is a list. Secret values are ***'),
  body: z.string().describe('Text, or base64 as encoding says'),
  encoding: z.enum(['utf8', 'base64']),
  size: z.int().describe('Bytes of the whole body'),
  truncated: z.boolean().describe('Whether the body is longer than the recorded 64 KiB'),
};

export const recordedRequestSchema = z.object({
  method: z.string(),
  path: z.string().describe('Path and query as the handler sees them'),
  ...bodyFields,
});
export type RecordedRequest = z.infer<typeof recordedRequestSchema>;

export const recordedAnswerSchema = z.object({ status: z.int(), ...bodyFields });
export type RecordedAnswer = z.infer<typeof recordedAnswerSchema>;

export const exchangeSchema = z.object({
  request: recordedRequestSchema,
  answer: recordedAnswerSchema.nullable().describe('Null if no answer came'),
  masked: z.boolean().describe('Whether a secret in a path, a header or a body is ***'),
});
export type Exchange = z.infer<typeof exchangeSchema>;

export const traceSpanSchema = traceRecordSchema.extend({
  exchange: exchangeSchema
    .optional()
    .describe('Request and answer; missing for local calls, events of triggers and what is not recorded'),
});
export type TraceSpan = z.infer<typeof traceSpanSchema>;

export const traceViewSchema = z.object({
  trace: z.string(),
  spans: z.array(traceSpanSchema).describe('By their start; at least one'),
});
export type TraceView = z.infer<typeof traceViewSchema>;

/** RFC 9110, 5.5. */
const headerValue = z.string().regex(/^[^\0-\x08\x0a-\x1f\x7f]*$/, 'it has a control character');

/** What to change of the recorded request. */
export const replayRequestSchema = z.strictObject({
  span: z.string().optional().describe('The invocation or remote call to send again; default: the first invocation'),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'write a method in capitals, such as POST')
    .optional(),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'begin it with /, percent-encoded')
    .optional(),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/, 'it is not the name of a header'),
      z.union([headerValue, z.array(headerValue)]),
    )
    .optional()
    .describe('Replace all recorded headers'),
  body: z.unknown().optional().describe('A text as it is, any other value as JSON'),
});
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

export const differenceSchema = z.object({
  what: z.string().describe('status, a header as header:name, or a place in the body as body.items[0].name'),
  before: z.string().nullable().describe('Null where there was nothing'),
  after: z.string().nullable(),
});
export type Difference = z.infer<typeof differenceSchema>;

export const replayViewSchema = z.object({
  trace: z.string().describe('The new trace'),
  replayOf: z.object({ trace: z.string(), span: z.string() }),
  request: recordedRequestSchema.describe('What was sent'),
  before: recordedAnswerSchema.nullable(),
  after: recordedAnswerSchema,
  durations: z.object({ before: z.number(), after: z.number() }).describe('In milliseconds'),
  same: z.boolean().describe('Whether the answers are the same but for headers that differ each time, such as Date'),
  differences: z.array(differenceSchema).describe('At most 100'),
  notes: z.array(z.string()).describe('What could not be sent or compared, for a person'),
});
export type ReplayView = z.infer<typeof replayViewSchema>;
