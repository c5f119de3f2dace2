import { Router } from 'express';
import { Metrics } from '../metrics.ts';
import type { ServerParts } from '../parts.ts';

/** `/-/metrics`, for Prometheus. */
export function metricsRoutes(parts: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const metrics = new Metrics(parts);
  router.get('/metrics', async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text());
  });
  return router;
}
