import { Router } from 'express';
import { Metrics } from '../../engine/observe/metrics.ts';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { getMetrics } from './server.ts';

/** `/-/metrics`, for Prometheus. */
export function metricsRoutes(parts: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const metrics = new Metrics(parts);
  serve(router, getMetrics, async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text());
  });
  return router;
}
