import { Router } from 'express';
import { z } from 'zod';
import { checkTaskName } from '../../core/task.ts';
import { HEADERS } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { receiveTask } from '../upload.ts';

const operationId = z.uuid(`${HEADERS.operation} is a UUID`).optional();

/** `/{task}`: compatible with the original Fusionizer, texts included. */
export function taskRoutes({ fusionizer, store }: ServerParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.put('/:task', async (request, response) => {
    const name = request.params.task;
    checkTaskName(name);
    const operation = operationId.parse(request.get(HEADERS.operation));
    const dir = await receiveTask(request, store);
    const source = request.get(HEADERS.source);
    const task = await fusionizer.deploy({
      name,
      dir,
      source: source === undefined ? null : decodeURIComponent(source),
      force: request.get(HEADERS.force) === 'true',
      operation,
    });
    response.type('text/plain').send(`Successfully deployed Task '${task.name}'`);
  });

  router.delete('/:task', async (request, response) => {
    const name = request.params.task;
    await fusionizer.delete(name, operationId.parse(request.get(HEADERS.operation)));
    response.type('text/plain').send(`Successfully deleted Task '${name}'`);
  });

  router.get('/:task', (request, response) => {
    const view = fusionizer.taskView(request.params.task);
    const others = view.group.filter((name) => name !== view.name);
    const list = others.length === 0 ? 'None' : `[${others.map((name) => `'${name}'`).join(', ')}]`;
    response.type('text/plain').send(`Task '${view.name}':\nCurrently deployed with other Tasks: ${list}\nStatus: ${view.state}`);
  });

  return router;
}
