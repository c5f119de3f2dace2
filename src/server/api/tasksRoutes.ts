import { Router } from 'express';
import { HEADERS } from '../../shared/api.ts';
import { noSuchTask } from '../../shared/errors.ts';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { deleteTask, getTaskText, putTask } from './tasks.ts';
import { receiveTask } from './upload.ts';

/** `/{task}`: compatible with the original Fusionizer, texts included. */
export function taskRoutes({ fusionizer, store }: ServerParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  // Names match raw: a Task's name needs no escape, and an invocation of an escaped one is not found either.
  router.param('task', (request, _response, next, name: string) => {
    if (request.path === `/${name}`) next();
    else next(noSuchTask(request.path.slice(1)));
  });

  serve(router, putTask, async (request, response, { params: { task: name }, headers }) => {
    const task = await fusionizer.deploy({
      name,
      receive: (signal) => receiveTask(request, store, signal),
      source: headers[HEADERS.source] ?? null,
      force: headers[HEADERS.force] === 'true',
      operation: headers[HEADERS.operation],
    });
    const { warnings } = fusionizer.taskView(name);
    if (warnings.length > 0) response.set(HEADERS.warning, warnings.map(encodeURIComponent).join(', '));
    response.type('text/plain').send(`Successfully deployed Task '${task.name}'`);
  });

  serve(router, deleteTask, async (_request, response, { params: { task: name }, headers }) => {
    await fusionizer.delete(name, headers[HEADERS.operation]);
    response.type('text/plain').send(`Successfully deleted Task '${name}'`);
  });

  serve(router, getTaskText, (_request, response, { params }) => {
    const view = fusionizer.taskView(params.task);
    const others = view.group.filter((name) => name !== view.name);
    const list = others.length === 0 ? 'None' : `[${others.map((name) => `'${name}'`).join(', ')}]`;
    response
      .type('text/plain')
      .send(`Task '${view.name}':\nCurrently deployed with other Tasks: ${list}\nStatus: ${view.state}`);
  });

  return router;
}
