import { Router } from 'express';
import { FusionizerError, noSuchTask } from '../../core/errors.ts';
import { checkTaskName } from '../../core/task.ts';
import { HEADERS } from '../../shared/api.ts';
import { operationId } from '../operationId.ts';
import type { ServerParts } from '../parts.ts';
import { receiveTask } from '../upload.ts';

/** `/{task}`: compatible with the original Fusionizer, texts included. */
export function taskRoutes({ fusionizer, store }: ServerParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  // Names match raw: a Task's name needs no escape, and an invocation of an escaped one is not found either.
  router.param('task', (request, _response, next, name: string) => {
    if (request.path === `/${name}`) next();
    else next(noSuchTask(request.path.slice(1)));
  });

  router.put('/:task', async (request, response) => {
    const name = request.params.task;
    checkTaskName(name);
    const operation = operationId(request);
    const source = sourceOf(request.get(HEADERS.source));
    const dir = await receiveTask(request, store);
    const task = await fusionizer.deploy({
      name,
      dir,
      source,
      force: request.get(HEADERS.force) === 'true',
      operation,
    });
    const { warnings } = fusionizer.taskView(name);
    if (warnings.length > 0) response.set(HEADERS.warning, warnings.map(encodeURIComponent).join(', '));
    response.type('text/plain').send(`Successfully deployed Task '${task.name}'`);
  });

  router.delete('/:task', async (request, response) => {
    const name = request.params.task;
    await fusionizer.delete(name, operationId(request));
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

/** A path is any text and headers are not, so it comes percent-encoded. */
function sourceOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  try {
    return decodeURIComponent(header);
  } catch (cause) {
    throw new FusionizerError('malformed', `${HEADERS.source} is '${header}': it is a percent-encoded path`, { cause });
  }
}
