import { Router } from 'express';
import type { ServerParts } from '../parts.ts';

/** `/-/health` and the list of Tasks. */
export function healthRoutes({ health, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  router.get('/health', (_request, response) => {
    response.json(health());
  });
  router.get('/tasks', (_request, response) => {
    response.json(fusionizer.taskNames.sort().map((name) => fusionizer.taskView(name)));
  });
  router.get('/tasks/:task', (request, response) => {
    response.json(fusionizer.taskView(request.params.task));
  });
  return router;
}
