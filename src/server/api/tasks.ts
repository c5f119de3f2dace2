import * as z from 'zod';
import { HEADERS, logLevelSchema, taskViewSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';
import { deployHeaders, operationHeaders, taskParams } from './parameters.ts';

const text = (example: string) => ({ 'text/plain': z.string().meta({ examples: [example] }) });

export const putTask = endpoint({
  method: 'put',
  path: '/{task}',
  id: 'deployTask',
  tag: 'Tasks',
  summary: 'Deploys or redeploys a Task',
  description:
    'Answers when the Task serves. What is deployed already is not deployed again, unless it is forced. A deploy that fails changes nothing: what served before still serves.',
  params: taskParams,
  headers: deployHeaders,
  rawBody: {
    type: 'multipart/form-data',
    required: true,
    description: 'A zip of the Task: function.yaml, or the only source file, is at its top level.',
    schema: {
      type: 'object',
      properties: { zip_file: { type: 'string', format: 'binary', contentMediaType: 'application/zip' } },
      required: ['zip_file'],
    },
  },
  answers: {
    200: {
      description: 'It serves',
      content: text("Successfully deployed Task 'taska'"),
      headers: { [HEADERS.warning]: "The deploy's warnings, percent-encoded, separated by `, `" },
    },
  },
  errors: ['malformed', 'not-found', 'superseded', 'too-large', 'task', 'platform'],
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
      description: 'Its state',
      content: text("Task 'taska':\nCurrently deployed with other Tasks: ['taskb']\nStatus: ready"),
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
  answers: { 200: { description: 'It is deleted', content: text("Successfully deleted Task 'taska'") } },
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
  description:
    "A function's token is enough to ask whether there is such a Task; then its name is all that is answered.",
  params: taskParams,
  answers: {
    200: {
      description: 'The Task',
      content: { 'application/json': z.union([taskViewSchema, taskViewSchema.pick({ name: true })]) },
    },
  },
  errors: ['not-found'],
});

export const getLogs = endpoint({
  method: 'get',
  path: '/-/tasks/{task}/logs',
  id: 'getLogs',
  tag: 'Observation',
  summary: 'Log records of a Task, newest last',
  description: 'One `LogRecord` a line; the newest 2,000 are kept. With `follow`, records are added as they come.',
  params: taskParams,
  query: z.object({
    follow: z
      .enum(['', 'true', 'false', '1', '0'])
      .optional()
      .transform((value) => value !== undefined && value !== 'false' && value !== '0')
      .describe('Keeps the answer open'),
    level: logLevelSchema.optional().describe('Leaves out lesser ones'),
  }),
  answers: { 200: { description: 'The records', content: { 'application/x-ndjson': z.string() } } },
  errors: ['malformed', 'not-found'],
});
