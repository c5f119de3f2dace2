import { Router } from 'express';
import { FusionizerError } from '../../core/errors.ts';
import type { Operation } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';

/** `/-/operations/{id}`: a deploy, delete or setup change; DELETE cancels. */
export function operationRoutes({ fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const known = (id: string, operation: Operation | undefined): Operation => {
    if (operation === undefined) throw new FusionizerError('not-found', `No operation '${id}' could be found: the newest 200 are kept`);
    return operation;
  };
  router.get('/operations/:id', (request, response) => {
    response.json(known(request.params.id, fusionizer.operations.get(request.params.id)));
  });
  router.delete('/operations/:id', (request, response) => {
    response.json(known(request.params.id, fusionizer.operations.cancel(request.params.id)));
  });
  return router;
}
