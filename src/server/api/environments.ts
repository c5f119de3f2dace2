import { Router } from 'express';
import * as z from 'zod';
import { environmentsViewSchema, pruneViewSchema } from '../../shared/environments.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

export const getEnvironments = endpoint({
  method: 'get',
  path: '/-/environments',
  id: 'listEnvironments',
  tag: 'Server',
  summary: 'What build commands installed, and what it takes on the disk',
  answers: { 200: { description: 'The environments', content: { 'application/json': environmentsViewSchema } } },
  errors: [],
});

export const deleteEnvironments = endpoint({
  method: 'delete',
  path: '/-/environments',
  id: 'pruneEnvironments',
  tag: 'Server',
  summary: 'Removes what build commands installed and no function uses',
  description: 'A deploy that needs a removed one runs its build commands again.',
  query: z.object({
    cache: z
      .enum(['true', 'false'])
      .optional()
      .describe('true removes what package managers downloaded as well, unless build commands run'),
  }),
  answers: { 200: { description: 'What was removed', content: { 'application/json': pruneViewSchema } } },
  errors: ['malformed'],
});

/** `/-/environments`: what build commands installed. */
export function environmentRoutes({ environments }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getEnvironments, async (_request, response) => {
    response.json(await environments.view());
  });
  serve(router, deleteEnvironments, async (_request, response, { query }) => {
    response.json(await environments.prune({ cache: query.cache === 'true' }));
  });
  return router;
}
