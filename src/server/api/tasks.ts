import { Router } from 'express';
import * as z from 'zod';
import { taskViewSchema } from '../../shared/api.ts';
import { noSuchTask } from '../../shared/errors.ts';
import { HEADERS } from '../../shared/headers.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { deployHeaders, operationHeaders, taskParams } from './parameters.ts';
import { serve } from './serve.ts';
import { receiveTask } from './upload.ts';
import { warningHeader } from './warningHeader.ts';

const text = (example: string) => ({ 'text/plain': z.string().meta({ examples: [example] }) });

export const putTask = endpoint({
  method: 'put',
  path: '/{task}',
  id: 'deployTask',
  tag: 'Tasks',
  summary: 'Deploys or redeploys a Task',
  description:
    'Answers when the Task serves. An unchanged Task is not deployed again, unless the request forces it. ' +
    'A failed deploy changes nothing: the previous version of the Task keeps serving. ' +
    'A Task that was deployed from another source is replaced only if the request says so.',
  params: taskParams,
  headers: deployHeaders,
  rawBody: {
    type: 'multipart/form-data',
    required: true,
    description: 'A zip of the Task. function.yaml, or the only source file, is at its top level.',
    schema: {
      type: 'object',
      properties: { zip_file: { type: 'string', format: 'binary', contentMediaType: 'application/zip' } },
      required: ['zip_file'],
    },
  },
  answers: {
    200: {
      description: 'The Task serves',
      content: text("Successfully deployed Task 'taska'"),
      headers: { [HEADERS.warning]: "The deploy's warnings, percent-encoded, separated by `, `" },
    },
  },
  errors: ['malformed', 'not-found', 'superseded', 'source', 'too-large', 'task', 'platform'],
});

export const getTaskText = endpoint({
  method: 'get',
  path: '/{task}',
  id: 'getTaskText',
  tag: 'Tasks',
  summary: 'Shows the state of a Task as text',
  params: taskParams,
  answers: {
    200: {
      description: 'The state of the Task',
      content: text("Task 'taska':\nCurrently deployed with other Tasks: ['taska', 'taskb']\nStatus: ready"),
    },
  },
  errors: ['not-found'],
});

export const deleteTask = endpoint({
  method: 'delete',
  path: '/{task}',
  id: 'deleteTask',
  tag: 'Tasks',
  summary: 'Deletes a Task',
  description: 'The rest of its group keeps serving.',
  params: taskParams,
  headers: operationHeaders,
  answers: { 200: { description: 'The Task is deleted', content: text("Successfully deleted Task 'taska'") } },
  errors: ['malformed', 'not-found', 'superseded', 'task', 'setup', 'platform'],
});

export const listTasks = endpoint({
  method: 'get',
  path: '/-/tasks',
  id: 'listTasks',
  tag: 'Tasks',
  summary: 'All Tasks',
  answers: { 200: { description: 'The Tasks, by name', content: { 'application/json': z.array(taskViewSchema) } } },
  errors: [],
});

export const getTask = endpoint({
  method: 'get',
  path: '/-/tasks/{task}',
  id: 'getTask',
  tag: 'Tasks',
  summary: 'One Task',
  description: "With a function's token, the answer has only the name of the Task: it shows whether the Task exists.",
  params: taskParams,
  answers: {
    200: {
      description: 'The Task',
      content: { 'application/json': z.union([taskViewSchema, taskViewSchema.pick({ name: true })]) },
    },
  },
  errors: ['not-found'],
});

/** `/-/tasks` and `/-/tasks/{task}`: the Tasks as JSON. */
export function taskViewRoutes({ auth, fusionizer }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, listTasks, (_request, response) => {
    response.json(fusionizer.taskNames.sort().map((name) => fusionizer.taskView(name)));
  });
  serve(router, getTask, (request, response, { params }) => {
    const view = fusionizer.taskView(params.task);
    response.json(auth.isFunction(request) ? { name: view.name } : view);
  });
  return router;
}

/** `/{task}`: compatible with the original Fusionizer, including the texts. */
export function taskRoutes({ fusionizer, store }: ServerParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  // The raw path has to match: a Task's name needs no escapes, and invocations do not accept escaped names either.
  router.param('task', (request, _response, next, name: string) => {
    if (request.path === `/${name}`) next();
    else next(noSuchTask(request.path.slice(1)));
  });

  serve(router, putTask, async (request, response, { params: { task: name }, headers }) => {
    const task = await fusionizer.deploy({
      name,
      receive: (signal) => receiveTask(request, store, signal),
      source: headers[HEADERS.source] ?? null,
      replace: headers[HEADERS.replace] === 'true',
      force: headers[HEADERS.force] === 'true',
      operation: headers[HEADERS.operation],
    });
    const { warnings } = fusionizer.taskView(name);
    if (warnings.length > 0) response.set(HEADERS.warning, warningHeader(warnings, `GET /-/tasks/${name}`));
    response.type('text/plain').send(`Successfully deployed Task '${task.name}'`);
  });

  serve(router, deleteTask, async (_request, response, { params: { task: name }, headers }) => {
    await fusionizer.delete(name, headers[HEADERS.operation]);
    response.type('text/plain').send(`Successfully deleted Task '${name}'`);
  });

  serve(router, getTaskText, (_request, response, { params }) => {
    const view = fusionizer.taskView(params.task);
    // The original lists the whole group, with the Task itself.
    const list = view.group.length === 1 ? 'None' : `[${view.group.map((name) => `'${name}'`).join(', ')}]`;
    response
      .type('text/plain')
      .send(`Task '${view.name}':\nCurrently deployed with other Tasks: ${list}\nStatus: ${view.state}`);
  });

  return router;
}
