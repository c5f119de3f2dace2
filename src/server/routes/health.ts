import { Router } from 'express';
import { getHealth } from '../endpoints/server.ts';
import { getTask, listTasks } from '../endpoints/tasks.ts';
import type { ServerParts } from '../parts.ts';
import { serve } from '../serve.ts';

/** `/-/health` and the list of Tasks. */
export function healthRoutes({ health, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getHealth, (_request, response) => {
    response.json(health());
  });
  serve(router, listTasks, (_request, response) => {
    response.json(fusionizer.taskNames.sort().map((name) => fusionizer.taskView(name)));
  });
  serve(router, getTask, (_request, response, { params }) => {
    response.json(fusionizer.taskView(params.task));
  });
  return router;
}
