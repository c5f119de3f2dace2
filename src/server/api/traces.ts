import { Router } from 'express';
import * as z from 'zod';
import { traceBatchSchema, traceRecordSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { tracePrefix } from './parameters.ts';
import { serve } from './serve.ts';

export const getTraces = endpoint({
  method: 'get',
  path: '/-/traces',
  id: 'getTraces',
  tag: 'Observation',
  summary: 'Recorded invocations and calls, by their start',
  description: 'The newest 10,000 are kept.',
  query: z.object({
    trace: tracePrefix,
    task: z.string().optional().describe('Only records in which this Task is the caller or the callee'),
  }),
  answers: { 200: { description: 'The records', content: { 'application/json': z.array(traceRecordSchema) } } },
  errors: ['malformed'],
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

/** `/-/traces`: the newest recorded invocations and calls. Functions POST theirs in batches. */
export function traceRoutes({ traces, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getTraces, (_request, response, { query }) => {
    // A call is recorded when it ends, and workers send their records in batches: in order of arrival, a caller would
    // come after its callees. Of records of one millisecond the longer one is the caller.
    response.json(traces.find(query).sort((one, other) => one.start - other.start || other.duration - one.duration));
  });
  serve(router, postTraces, (_request, response, { body }) => {
    fusionizer.reports.calls(body);
    response.status(204).end();
  });
  return router;
}
