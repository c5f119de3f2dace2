import { Router } from 'express';
import * as z from 'zod';
import type { Operation } from '../../shared/api.ts';
import { operationSchema } from '../../shared/api.ts';
import { FusionizerError } from '../../shared/errors.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

const shared = {
  path: '/-/operations/{id}',
  tag: 'Operations',
  params: z.object({ id: z.uuid() }),
  answers: { 200: { description: 'The operation', content: { 'application/json': operationSchema } } },
  errors: ['not-found'],
} as const;

export const getOperation = endpoint({
  ...shared,
  method: 'get',
  id: 'getOperation',
  summary: 'A deploy, a deletion or a change of the setup',
  description: 'The newest 200 are kept.',
});

export const deleteOperation = endpoint({
  ...shared,
  method: 'delete',
  id: 'cancelOperation',
  summary: 'Cancels a running operation',
  description: 'The functions from before it keep serving. An operation that has ended stays as it is.',
});

/** `/-/operations/{id}`: a deploy, a deletion or a change of the setup. DELETE cancels it. */
export function operationRoutes({ fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const known = (id: string, operation: Operation | undefined): Operation => {
    if (operation === undefined)
      throw new FusionizerError('not-found', `No operation '${id}' could be found: the newest 200 are kept`);
    return operation;
  };
  serve(router, getOperation, (_request, response, { params }) => {
    response.json(known(params.id, fusionizer.operations.get(params.id)));
  });
  serve(router, deleteOperation, (_request, response, { params }) => {
    response.json(known(params.id, fusionizer.operations.cancel(params.id)));
  });
  return router;
}
