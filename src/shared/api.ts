import * as z from 'zod';
import { scheduleViewSchema } from './scheduleApi.ts';
import { setupSchema } from './setupApi.ts';

/**
 * The shapes that cross the HTTP API. The server checks requests with them, and the client parses answers with them.
 * Times are ISO 8601 strings and durations are milliseconds, unless a field's comment says otherwise.
 * The descriptions appear in `/-/openapi.json`.
 */

/**
 * `ready`: the Task serves. `crash-loop`: the workers of its function keep ending. `unhealthy`: it has no function,
 * because it could not be started again after a restart of the server. A deploy in progress is an operation instead.
 */
export const taskStateSchema = z.enum(['ready', 'crash-loop', 'unhealthy']);
export type TaskState = z.infer<typeof taskStateSchema>;

/** The newest end of a worker that keeps ending: while it starts, soon afterwards, or in each event. */
export const crashSchema = z.object({
  at: z.string(),
  /** How it ended, or why it could not start. */
  ended: z.string(),
  /** How often this worker ended in a row, without completing an event or running for 10 s in between. */
  inARow: z.number(),
  /** How often workers of the function were started again successfully since it was deployed. */
  restarts: z.number(),
  /** The traceback, or else the last lines that the worker printed (at most 20). May be empty. */
  output: z.string(),
});
export type Crash = z.infer<typeof crashSchema>;

/** A time in ISO 8601. */
const timeSchema = z.string().meta({ format: 'date-time' });

export const taskViewSchema = z.object({
  name: z.string(),
  /** All Tasks of its Fusion Group, including itself. */
  group: z.array(z.string()).describe('All Tasks of its Fusion Group, including itself'),
  /** The platform function that serves it. */
  function: z.string().describe('The platform function that serves it'),
  runtime: z.string(),
  handler: z.string(),
  state: taskStateSchema,
  /** Since when all workers of its function have each been busy with one event; null while that is less than 5 s. */
  busySince: timeSchema
    .nullable()
    .describe(
      'Since when all workers of its function have each been busy with one event, to a second; ' +
        'null while that is less than 5 s',
    ),
  /** Counts the deploys of this Task, from 1. */
  version: z.int().describe('Counts the deploys of this Task, from 1'),
  /** sha-256 over sorted paths and contents, hex. */
  hash: z.string().describe('sha-256 over sorted paths and contents, hex'),
  /** The place from which the client deployed it, if it sent `Fusionizer-Source`. */
  source: z.string().nullable().describe('The place from which the client deployed it, if it sent Fusionizer-Source'),
  deployedAt: timeSchema,
  /** Invocations and local calls since the server started. */
  calls: z.int().describe('Invocations and local calls since the server started'),
  /** Of these, the calls from other Tasks: those inside a function, and those over the server. */
  localCalls: z.int().describe('Of these, calls from other Tasks inside one function'),
  remoteCalls: z.int().describe('Of these, calls from other Tasks over the server'),
  /** Median and 95th percentile of the newest calls, in milliseconds; null before the first. */
  p50: z.number().nullable().describe('Median duration of the newest calls, in milliseconds'),
  p95: z.number().nullable().describe('Their 95th percentile, in milliseconds'),
  lastError: z.string().nullable(),
  /** Only set while `state` is `crash-loop`. */
  crash: crashSchema.nullable(),
  warnings: z.array(z.string()),
  /** The address at which it is invoked. */
  address: z.string(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

export const functionViewSchema = z.object({
  name: z.string(),
  tasks: z.array(z.string()),
  state: taskStateSchema,
  workers: z.int().nullable().describe('Null if the platform cannot know it'),
  crash: crashSchema.nullable(),
});

export const setupViewSchema = z.object({
  /** Changes with every change of the desired or the actual setup. It is also the ETag. */
  revision: z.int().describe('Changes with every change of the desired or the actual setup. It is also the ETag'),
  desired: setupSchema,
  actual: setupSchema,
  /** Who set the desired setup: a person or program, or an optimizer. */
  origin: z.enum(['manual', 'optimizer']).describe('Who set the desired setup'),
  /** Names in the desired setup that are not deployed (yet). */
  waiting: z.array(z.string()).describe('Names in the desired setup that are not deployed'),
  /** Tasks that could not join the group that the desired setup has for them. */
  apart: z
    .array(z.object({ task: z.string(), reason: z.string() }))
    .describe('Tasks that could not join the group that the desired setup has for them'),
  functions: z.array(functionViewSchema),
  /** Why the last change of the setup failed; null if it did not fail. */
  error: z.string().nullable().describe('Why the last change failed; null if it did not fail'),
});
export type SetupView = z.infer<typeof setupViewSchema>;

export const stageSchema = z.enum(['upload', 'queued', 'build', 'start', 'ready']);
export type Stage = z.infer<typeof stageSchema>;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** A message for a person: what happened, where, and what to do. */
  detail: z.string().describe('What happened, where and what to do, for a person'),
  code: z.string().describe('What happened, for a program'),
  /** Relative to the Task's folder. */
  file: z.string().optional().describe("The file at fault, relative to the Task's folder"),
  line: z.int().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const operationSchema = z.object({
  id: z.string(),
  kind: z.enum(['deploy', 'delete', 'setup']),
  /** The Tasks that the request concerns. */
  tasks: z.array(z.string()),
  source: z.string().nullable().default(null).describe('Of a deploy: where it comes from'),
  state: z.enum(['running', 'done', 'failed', 'superseded', 'cancelled']),
  stages: z.array(z.object({ stage: stageSchema, at: timeSchema })),
  /** The output of the build, newest line last. Its length is bounded. */
  log: z.array(z.string()).describe('The output of the build, newest line last'),
  warnings: z.array(z.string()),
  result: z.string().nullable(),
  error: problemSchema.nullable(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type Operation = z.infer<typeof operationSchema>;

export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** How severe a level is: 0 for debug. -1 for a text that is no level. */
export function severity(level: LogLevel | string): number {
  return logLevelSchema.options.indexOf(level as LogLevel);
}

export const logRecordSchema = z.object({
  /** Unix milliseconds. */
  time: z.number().describe('Unix milliseconds'),
  level: logLevelSchema,
  message: z.string(),
  with: z.record(z.string(), z.unknown()),
  task: z.string().nullable(),
  function: z.string().nullable(),
  group: z.array(z.string()).optional().describe('The Tasks of the function that a record without a Task is from'),
  trace: z.string().nullable(),
  /** `log`: from the handler's logger or the platform; `stdout`, `stderr`: printed there. */
  stream: z
    .enum(['log', 'stdout', 'stderr'])
    .describe("log: from the handler's logger or the platform; stdout, stderr: printed there"),
});
export type LogRecord = z.infer<typeof logRecordSchema>;

/** An id or a name in trace records. Its length is bounded, because thousands of records are kept. */
const short = z.string().max(100);

export const traceRecordSchema = z.object({
  trace: short,
  span: short,
  parent: short.nullable(),
  /** Null for an outer invocation. */
  caller: short.nullable().describe('Null for an outer invocation'),
  callee: short,
  local: z.boolean(),
  /** Unix milliseconds. */
  start: z.number().describe('Unix milliseconds'),
  duration: z.number().describe('Milliseconds'),
  /** The HTTP status; 0 if no answer came. */
  status: z.number().describe('The HTTP status; 0 if no answer came'),
  /** Whether it was the first event of its worker. */
  cold: z.boolean().describe('Whether it was the first event of its worker'),
  /** The callee's Fusion Group at that time. */
  group: z.array(z.string()).describe("The callee's Fusion Group at that time"),
  /** Method and path of an invocation from outside, without its query; cut at 100 characters. */
  request: short.optional().describe('Method and path of an invocation from outside, such as POST /taska/batch'),
  /** The id of the setup in force. The fields from here on are missing in records of older servers. */
  setup: short.optional().describe('The id of the Fusion Setup at that time: two setups with one id mean the same'),
  mode: z.enum(['sync', 'async']).optional().describe('Whether the caller waited for the answer'),
  /** Of the bodies, in bytes. They are missing for calls that the server did not see. */
  bytesIn: z.int().optional().describe("Bytes of the request's body; missing where the server did not see it"),
  bytesOut: z.int().optional().describe("Bytes of the answer's body; missing where there was none"),
  worker: short.optional().describe("The function's worker that ran it, where that is known"),
  waited: z
    .number()
    .optional()
    .describe('Milliseconds that it waited for a worker, as part of its duration; missing where one was free'),
  replayOf: short.optional().describe('The trace whose request was sent again'),
});
export type TraceRecord = z.infer<typeof traceRecordSchema>;

/** It is a part of addresses. W3C's are hexadecimal. */
const traceId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,100}$/, 'an id of a trace has letters, digits, - and _, at most 100');

/** The records that functions POST to `/-/traces`. The server adds all other fields. */
export const callRecordSchema = traceRecordSchema.extend({ trace: traceId }).omit({
  cold: true,
  group: true,
  request: true,
  setup: true,
  mode: true,
  bytesIn: true,
  bytesOut: true,
  worker: true,
  waited: true,
  replayOf: true,
});
export const traceBatchSchema = z.array(callRecordSchema).max(1000);
export type CallRecord = z.infer<typeof traceBatchSchema>[number];

export const healthSchema = z.object({
  status: z.literal('ok'),
  name: z.literal('fusionizer'),
  version: z.string(),
  platform: z.string(),
  address: z.string(),
  pid: z.int(),
  uptime: z.number().describe('In seconds'),
  tasks: z.int().describe('The number of deployed Tasks'),
  folder: z
    .string()
    .nullable()
    .describe('The folder that it serves: where it was started, or the workspace of an editor'),
  state: z.string().describe('The folder of its state'),
});
export type Health = z.infer<typeof healthSchema>;

/** A Task was deployed, moved or deleted. `task` is null if it was deleted. */
export const taskChangeSchema = z.object({ name: z.string(), task: taskViewSchema.nullable() });

/** The Server-Sent Events on `/-/events`: their names, and the shapes of their data. */
export const eventSchemas = {
  task: taskChangeSchema,
  setup: setupViewSchema,
  operation: operationSchema,
  schedule: scheduleViewSchema,
  invocation: traceRecordSchema,
  /** `tasks`: the Tasks whose logs contain the record; empty for the server's own log. */
  log: z.object({ tasks: z.array(z.string()), record: logRecordSchema }),
} as const;
export type EventName = keyof typeof eventSchemas;
export type EventData<N extends EventName> = z.infer<(typeof eventSchemas)[N]>;
