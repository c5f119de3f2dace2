import { Router } from 'express';
import * as z from 'zod';
import { Metrics } from '../../engine/observe/metrics.ts';
import { healthSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

export const getHealth = endpoint({
  method: 'get',
  path: '/-/health',
  id: 'getHealth',
  tag: 'Server',
  summary: 'Shows that the server runs',
  answers: { 200: { description: 'The server', content: { 'application/json': healthSchema } } },
  errors: [],
});

export const getMetrics = endpoint({
  method: 'get',
  path: '/-/metrics',
  id: 'getMetrics',
  tag: 'Server',
  summary: 'Metrics for Prometheus',
  answers: { 200: { description: "In Prometheus' text format", content: { 'text/plain': z.string() } } },
  errors: [],
});

/** `/-/health`: shows that the server runs, and its version, address and platform. */
export function healthRoutes({ health }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getHealth, (_request, response) => {
    response.json(health());
  });
  return router;
}

/** `/-/metrics`, for Prometheus. */
export function metricsRoutes(parts: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const metrics = new Metrics(parts);
  serve(router, getMetrics, async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text());
  });
  return router;
}
