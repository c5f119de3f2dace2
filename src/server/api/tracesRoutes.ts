import { Router } from 'express';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { getTraces, postTraces } from './traces.ts';

/** `/-/traces`: the newest recorded invocations and calls; functions POST theirs in batches. */
export function traceRoutes({ traces, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getTraces, (_request, response, { query }) => {
    response.json(traces.find(query));
  });
  serve(router, postTraces, (_request, response, { body }) => {
    fusionizer.reports.calls(body);
    response.status(204).end();
  });
  return router;
}
