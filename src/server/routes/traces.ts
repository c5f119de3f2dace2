import express, { Router } from 'express';
import { z } from 'zod';
import { traceBatchSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';

const querySchema = z.object({ trace: z.string().optional(), task: z.string().optional() });

/** `/-/traces`: the newest recorded invocations and calls; functions POST theirs in batches. */
export function traceRoutes({ traces, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  router.get('/traces', (request, response) => {
    response.json(traces.find(querySchema.parse(request.query)));
  });
  router.post('/traces', express.json({ limit: '1mb', type: () => true }), (request, response) => {
    fusionizer.reports.calls(traceBatchSchema.parse(request.body));
    response.status(204).end();
  });
  return router;
}
