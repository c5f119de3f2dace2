import { Router } from 'express';
import type { Operation } from '../../shared/api.ts';
import { FusionizerError } from '../../shared/errors.ts';
import type { ServerParts } from '../parts.ts';
import { deleteOperation, getOperation } from './operations.ts';
import { serve } from './serve.ts';

/** `/-/operations/{id}`: a deploy, delete or setup change; DELETE cancels. */
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
