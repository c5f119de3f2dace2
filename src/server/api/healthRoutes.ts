import { Router } from 'express';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { getHealth } from './server.ts';
import { getTask, listTasks } from './tasks.ts';

/** `/-/health` and the list of Tasks. */
export function healthRoutes({ auth, health, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getHealth, (_request, response) => {
    response.json(health());
  });
  serve(router, listTasks, (_request, response) => {
    response.json(fusionizer.taskNames.sort().map((name) => fusionizer.taskView(name)));
  });
  serve(router, getTask, (request, response, { params }) => {
    const view = fusionizer.taskView(params.task);
    response.json(auth.isFunction(request) ? { name: view.name } : view);
  });
  return router;
}
