import * as z from 'zod';
import { type Endpoint, endpoint, type Method } from './endpoint.ts';
import { taskParams } from './parameters.ts';

/** The methods of OpenAPI except TRACE, which browsers do not send and programs hardly ever do. */
const METHODS: readonly Method[] = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

const shared = {
  tag: 'Invocations',
  params: taskParams,
  headers: z.object({
    traceparent: z.string().optional().describe('W3C trace context: the invocation joins that trace'),
    'X-Nuclio-Log-Level': z
      .string()
      .optional()
      .describe("Asks for the event's log records of at least this level, in the header X-Nuclio-Logs"),
  }),
  rawBody: { type: '*/*', required: false, description: "The event's body", schema: {} },
  answers: {
    default: {
      description:
        "The handler's status, headers and body; 408 for a time-out, 500 for an exception, " +
        '503 when no worker became free in time',
      content: { '*/*': z.unknown() },
      headers: {
        'Fusionizer-Trace-Id': 'The id of the trace, for GET /-/traces',
        'X-Nuclio-Logs': "The event's log records",
      },
    },
  },
  errors: ['not-found', 'platform', 'loop'],
} as const;

const pathParams = taskParams.extend({
  path: z.string().describe('The path that the handler sees, without its first slash; may contain slashes or be empty'),
});

const invokeTask = endpoint({
  ...shared,
  method: 'post',
  path: '/{task}',
  id: 'invokeTask',
  summary: 'Invokes a Task; its handler sees the path /',
});

const onAnyMethod = (path: string, id: string, summary: string, params: z.ZodObject): Endpoint[] =>
  METHODS.map((method) =>
    endpoint({ ...shared, method, path, id: id + method[0]?.toUpperCase() + method.slice(1), summary, params }),
  );

/** These do not reach Express: `http/requestPath.ts` separates them from the rest. */
export const INVOCATIONS: readonly Endpoint[] = [
  invokeTask,
  ...onAnyMethod('/{task}/{path}', 'invokePath', 'Invokes a Task with a path', pathParams),
  ...onAnyMethod(
    '/-/tasks/{task}/invoke',
    'invoke',
    'Invokes a Task with any method; its handler sees the path /',
    taskParams,
  ),
  ...onAnyMethod(
    '/-/tasks/{task}/invoke/{path}',
    'invokeUnder',
    'Invokes a Task with any method and a path',
    pathParams,
  ),
];
