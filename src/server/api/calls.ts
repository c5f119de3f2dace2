import { Router } from 'express';
import * as z from 'zod';
import { callsViewSchema, LONGEST_WINDOW } from '../../shared/callApi.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

const window = z
  .string()
  .regex(/^([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)$/, `write whole seconds from 1 to ${LONGEST_WINDOW}`)
  .transform(Number);

export const getCalls = endpoint({
  method: 'get',
  path: '/-/calls',
  id: 'getCalls',
  tag: 'Observation',
  summary: 'Who calls whom, how often and how long it takes',
  description:
    'All invocations and calls since the server started, and the newest 10,000 that are on disk from before. ' +
    'Calls of Tasks that were not deployed are left out.',
  query: z.object({
    window: window
      .optional()
      .describe(
        `Only calls that began in so many seconds up to now, exact to 10 s, at most ${LONGEST_WINDOW}; default: all`,
      ),
    setup: z
      .string()
      .optional()
      .describe('Only calls while the Fusion Setup with this id was in force, or current; default: all'),
  }),
  answers: { 200: { description: 'The counts', content: { 'application/json': callsViewSchema } } },
  errors: ['malformed'],
});

/** `/-/calls`: invocations and calls, counted by caller and callee. */
export function callRoutes({ callGraph, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getCalls, async (_request, response, { query }) => {
    const { setup: inForce } = fusionizer.reports;
    const setup = query.setup === 'current' ? inForce : query.setup;
    response.json(await callGraph.view(inForce, { ...query, setup }));
  });
  return router;
}
