import { Router } from 'express';
import * as z from 'zod';
import type { StatusFilter } from '../../engine/observe/traceStore/segmentIndex.ts';
import { traceBatchSchema, traceRecordSchema } from '../../shared/api.ts';
import { HEADERS } from '../../shared/headers.ts';
import { replayRequestSchema, replayViewSchema, traceViewSchema } from '../../shared/traceApi.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { tracePrefix } from './parameters.ts';
import { serve } from './serve.ts';

const number = z
  .string()
  .regex(/^[0-9]{1,16}([.][0-9]{1,9})?$/, 'write a number')
  .transform(Number);

const status = z
  .string()
  .regex(/^(error|0|[1-9][0-9]{2}|[1-9]xx)$/, 'write a status such as 404, a class such as 5xx, or error')
  .transform((text): StatusFilter => {
    if (text === 'error') return text;
    const from = Number(text.replace('xx', '00'));
    return { from, to: text.endsWith('xx') ? from + 99 : from };
  });

export const getTraces = endpoint({
  method: 'get',
  path: '/-/traces',
  id: 'getTraces',
  tag: 'Observation',
  summary: 'Recorded invocations and calls, by their start',
  description:
    'The newest that fit, those of earlier runs of the server included. The newest 10,000 are kept in memory, and ' +
    'older ones on disk, 64 MiB in all with their requests and answers.',
  query: z.object({
    trace: tracePrefix,
    task: z.string().optional().describe('Only records in which this Task is the caller or the callee'),
    status: status.optional().describe('Only this status, this class (5xx), or error: no answer, or 400 and above'),
    min: number.optional().describe('Only those that took at least so many milliseconds'),
    since: number.optional().describe('Only those that began then or later, in Unix milliseconds'),
    outer: z
      .enum(['true', 'false'])
      .optional()
      .transform((value) => value === 'true')
      .describe('true leaves out calls from Task to Task'),
    limit: z
      .string()
      .regex(/^([1-9][0-9]{0,3}|10000)$/, 'write a whole number from 1 to 10000')
      .transform(Number)
      .optional()
      .describe('At most so many, the newest (default: 10,000)'),
    cursor: z
      .string()
      .regex(/^[0-9]{1,16}$/, 'send the header Fusionizer-Cursor of an answer unchanged')
      .transform(Number)
      .optional()
      .describe('Only older ones than those of the answer that has this in its header Fusionizer-Cursor'),
  }),
  answers: {
    200: {
      description: 'The records',
      content: { 'application/json': z.array(traceRecordSchema) },
      headers: { [HEADERS.cursor]: 'Is set if older records fit, too: send it as cursor to get them' },
    },
  },
  errors: ['malformed'],
});

const traceParams = z.object({ trace: z.string().describe("A trace's id; its first characters are enough") });

export const getTrace = endpoint({
  method: 'get',
  path: '/-/traces/{trace}',
  id: 'getTrace',
  tag: 'Observation',
  summary: 'One trace: its spans, with requests and answers',
  params: traceParams,
  answers: { 200: { description: 'The trace', content: { 'application/json': traceViewSchema } } },
  errors: ['malformed', 'not-found'],
});

export const replayTrace = endpoint({
  method: 'post',
  path: '/-/traces/{trace}/replay',
  id: 'replayTrace',
  tag: 'Observation',
  summary: 'Sends a recorded request again, and compares the answers',
  description: 'The body, if there is one, says what to change of it. It is an invocation with a new trace.',
  params: traceParams,
  body: replayRequestSchema.default({}),
  answers: { 200: { description: 'Both answers', content: { 'application/json': replayViewSchema } } },
  errors: ['malformed', 'not-found', 'too-large', 'platform'],
});

export const postTraces = endpoint({
  method: 'post',
  path: '/-/traces',
  id: 'addTraces',
  tag: 'Observation',
  summary: 'Adds calls that a function recorded',
  description: "For functions: a function's token is enough.",
  body: traceBatchSchema,
  answers: { 204: { description: 'They are recorded' } },
  errors: ['malformed', 'too-large'],
});

/** `/-/traces`: recorded invocations and calls. Functions POST theirs in batches. */
export function traceRoutes({ history, replay, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getTraces, async (_request, response, { query: { limit, cursor, ...filter } }) => {
    const page = await history.find(filter, { limit, cursor });
    if (page.cursor !== undefined) response.set(HEADERS.cursor, String(page.cursor));
    response.json(page.records);
  });
  serve(router, getTrace, async (_request, response, { params: { trace } }) => {
    const spans = await history.trace(trace.toLowerCase());
    response.json({ trace: spans[0]?.trace, spans });
  });
  serve(router, replayTrace, async (_request, response, { params: { trace }, body }) => {
    response.json(await replay.send(trace.toLowerCase(), body, response));
  });
  serve(router, postTraces, (_request, response, { body }) => {
    fusionizer.reports.calls(body);
    response.status(204).end();
  });
  return router;
}
