import * as z from 'zod';

/**
 * The shapes that cross the HTTP API. The server checks requests with them, the client parses answers with them.
 * Times are ISO 8601 strings unless a field's comment says otherwise; durations are milliseconds.
 * Descriptions go into `/-/openapi.json`.
 */

/** A DNS label that starts with a letter, at most 40 characters. `/-/` can so never be a Task. */
export const TASK_NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

export const taskNameSchema = z.string().regex(TASK_NAME, {
  error: (issue) =>
    `${JSON.stringify(issue.input)} is not a Task name: use lowercase letters, digits and '-', start with a letter, at most 40 characters`,
});

const groupSchema = z
  .array(taskNameSchema)
  .min(1, 'a Fusion Group is empty: name at least one Task in it')
  .meta({ uniqueItems: true });

/** A Fusion Setup as in a schedule entry: `[["taska", "taskb"]]`. */
export const setupSchema = z
  .array(groupSchema, 'a Fusion Setup is a list of Fusion Groups, e.g. [["taska", "taskb"]]')
  .superRefine((groups, context) => {
    const seen = new Set<string>();
    for (const [index, group] of groups.entries()) {
      for (const name of group) {
        if (seen.has(name)) {
          context.addIssue({
            code: 'custom',
            path: [index],
            message: `Task '${name}' is named twice: a Task belongs to one Fusion Group`,
          });
        }
        seen.add(name);
      }
    }
  });
export type Setup = z.infer<typeof setupSchema>;

/**
 * `ready` when it serves, `crash-loop` while its function's workers keep ending, `unhealthy` when it has no function:
 * it could not be started again after a restart of the server. A deploy in progress is an operation.
 */
export const taskStateSchema = z.enum(['ready', 'crash-loop', 'unhealthy']);
export type TaskState = z.infer<typeof taskStateSchema>;

/** The newest end of a worker that keeps ending: while it starts, soon afterwards, or by each event. */
export const crashSchema = z.object({
  at: z.string(),
  /** How it ended, or why it could not start. */
  ended: z.string(),
  /** Ends of this worker in a row, without an event completed or 10 s stayed up in between. */
  inARow: z.number(),
  /** Workers of the function that were started again successfully, since it was deployed. */
  restarts: z.number(),
  /** The traceback where there is one, else the last lines that the worker printed (20 at most); may be empty. */
  output: z.string(),
});
export type Crash = z.infer<typeof crashSchema>;

/** A time in ISO 8601. */
const timeSchema = z.string().meta({ format: 'date-time' });

export const taskViewSchema = z.object({
  name: z.string(),
  /** All Tasks of its Fusion Group, itself included. */
  group: z.array(z.string()).describe('All Tasks of its Fusion Group, itself included'),
  /** The platform function that serves it. */
  function: z.string().describe('The platform function that serves it'),
  runtime: z.string(),
  handler: z.string(),
  state: taskStateSchema,
  /** Since when every worker of its function has run one and the same event; null while that is less than 5 s. */
  busySince: timeSchema
    .nullable()
    .describe(
      'Since when every worker of its function has run one and the same event, to a second; null while that is less than 5 s',
    ),
  /** Counts the deploys of this Task, from 1. */
  version: z.int().describe('Counts the deploys of this Task, from 1'),
  /** sha-256 over sorted paths and contents, hex. */
  hash: z.string().describe('sha-256 over sorted paths and contents, hex'),
  /** Where the client deployed it from (`Fusionizer-Source`), if it said so. */
  source: z.string().nullable().describe('Where the client deployed it from (Fusionizer-Source), if it said so'),
  deployedAt: timeSchema,
  /** Invocations and local calls since the server started. */
  calls: z.int().describe('Invocations and local calls since the server started'),
  /** Median and 95th percentile of the newest calls, in milliseconds; null before the first. */
  p50: z.number().nullable().describe('Median duration of the newest calls, in milliseconds'),
  p95: z.number().nullable().describe('Their 95th percentile, in milliseconds'),
  lastError: z.string().nullable(),
  /** While `state` is `crash-loop`. */
  crash: crashSchema.nullable(),
  warnings: z.array(z.string()),
  /** Where it is invoked. */
  address: z.string(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

export const functionViewSchema = z.object({
  name: z.string(),
  tasks: z.array(z.string()),
  state: taskStateSchema,
  workers: z.int(),
  crash: crashSchema.nullable(),
});

export const setupViewSchema = z.object({
  /** Changes with every change of desired or actual setup; also the ETag. */
  revision: z.int().describe('Changes with every change of desired or actual setup; also the ETag'),
  desired: setupSchema,
  actual: setupSchema,
  /** Who set the desired setup: a person (or program), or an optimizer. */
  origin: z.enum(['manual', 'optimizer']).describe('Who set the desired setup'),
  /** Names in the desired setup that are not deployed (yet). */
  waiting: z.array(z.string()).describe('Names in the desired setup that are not deployed'),
  /** Tasks that the desired setup wants in a group that they could not join. */
  apart: z
    .array(z.object({ task: z.string(), reason: z.string() }))
    .describe('Tasks that could not join the group that the desired setup has for them'),
  functions: z.array(functionViewSchema),
  /** Why the last change of the setup failed; null when it did not. */
  error: z.string().nullable().describe('Why the last change failed; null when it did not'),
});
export type SetupView = z.infer<typeof setupViewSchema>;

export const stageSchema = z.enum(['upload', 'queued', 'build', 'start', 'ready']);
export type Stage = z.infer<typeof stageSchema>;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What happened, where and what to do, for a person. */
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
  /** The Tasks that the request names. */
  tasks: z.array(z.string()),
  state: z.enum(['running', 'done', 'failed', 'superseded', 'cancelled']),
  stages: z.array(z.object({ stage: stageSchema, at: timeSchema })),
  /** What the build printed, newest last, bounded. */
  log: z.array(z.string()).describe('What the build printed, newest last'),
  warnings: z.array(z.string()),
  result: z.string().nullable(),
  error: problemSchema.nullable(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type Operation = z.infer<typeof operationSchema>;

export const scheduleEntrySchema = z.object({ second: z.int().min(0), setup: setupSchema });
export type ScheduleEntry = z.infer<typeof scheduleEntrySchema>;

/** A schedule file: `{"40": [["taska", "taskb"]]}`, seconds after start -> Fusion Setup. */
export const scheduleFileSchema = z.record(
  z
    .string()
    .regex(
      /^(0|[1-9][0-9]{0,8})$/,
      'a schedule entry is named by whole seconds from 0 to 999999999, without sign or fraction',
    ),
  setupSchema,
);
export type ScheduleFile = z.infer<typeof scheduleFileSchema>;

export const scheduleViewSchema = z.object({
  file: z.string().nullable().describe('The file that it is read from and written to'),
  entries: z.array(scheduleEntrySchema),
  clock: z.object({
    state: z.enum(['running', 'paused']),
    seconds: z.number().describe('Since the start, while it runs'),
  }),
  /** Second of the entry in force; null before the first. */
  inForce: z.int().nullable().describe('Second of the entry in force; null before the first'),
  next: z.int().nullable().describe('Second of the next entry'),
  error: z.string().nullable(),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const scheduleUpdateSchema = z.strictObject({
  entries: scheduleFileSchema.optional(),
  clock: z.enum(['run', 'pause', 'restart']).optional(),
  /** Applies the entry of this second now. */
  apply: z.int().min(0).optional().describe('Applies the entry of this second now'),
});
export type ScheduleUpdate = z.infer<typeof scheduleUpdateSchema>;

export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

export const logRecordSchema = z.object({
  /** Unix milliseconds. */
  time: z.number().describe('Unix milliseconds'),
  level: logLevelSchema,
  message: z.string(),
  with: z.record(z.string(), z.unknown()),
  task: z.string().nullable(),
  function: z.string().nullable(),
  trace: z.string().nullable(),
  /** `log`: the handler's logger or the platform; `stdout`, `stderr`: printed. */
  stream: z
    .enum(['log', 'stdout', 'stderr'])
    .describe("log: the handler's logger or the platform; stdout, stderr: printed"),
});
export type LogRecord = z.infer<typeof logRecordSchema>;

/** Of ids and names in trace records: they are kept by the thousand, whoever sent them. */
const short = z.string().max(100);

export const traceRecordSchema = z.object({
  trace: short,
  span: short,
  parent: short.nullable(),
  /** null: an outer invocation. */
  caller: short.nullable().describe('null: an outer invocation'),
  callee: short,
  local: z.boolean(),
  /** Unix milliseconds. */
  start: z.number().describe('Unix milliseconds'),
  duration: z.number().describe('Milliseconds'),
  /** The HTTP status; 0 when no answer came. */
  status: z.number().describe('The HTTP status; 0 when no answer came'),
  /** The first event of its worker. */
  cold: z.boolean().describe('The first event of its worker'),
  /** The callee's Fusion Group at that time. */
  group: z.array(z.string()).describe("The callee's Fusion Group at that time"),
  /** Method and path of an invocation from outside, without its query; cut at 100 characters. */
  request: short.optional().describe('Method and path of an invocation from outside, such as POST /taska/batch'),
});
export type TraceRecord = z.infer<typeof traceRecordSchema>;

/** What functions POST to `/-/traces`: `cold`, `group` and `request` are the server's to add. */
export const callRecordSchema = traceRecordSchema.omit({ cold: true, group: true, request: true });
export const traceBatchSchema = z.array(callRecordSchema).max(1000);
export type CallRecord = z.infer<typeof traceBatchSchema>[number];

export const healthSchema = z.object({
  status: z.literal('ok'),
  name: z.literal('fusionizer'),
  version: z.string(),
  platform: z.string(),
  address: z.string(),
  pid: z.int(),
  uptime: z.number().describe('Seconds'),
  tasks: z.int().describe('How many are deployed'),
});
export type Health = z.infer<typeof healthSchema>;

/** A Task was deployed, moved or deleted; then `task` is null. */
export const taskChangeSchema = z.object({ name: z.string(), task: taskViewSchema.nullable() });

/** The names of Server-Sent Events on `/-/events`; the data of each is the named shape. */
export const eventSchemas = {
  task: taskChangeSchema,
  setup: setupViewSchema,
  operation: operationSchema,
  schedule: scheduleViewSchema,
  invocation: traceRecordSchema,
  /** `tasks`: whose logs the record belongs to; empty for the server's own. */
  log: z.object({ tasks: z.array(z.string()), record: logRecordSchema }),
} as const;
export type EventName = keyof typeof eventSchemas;
export type EventData<N extends EventName> = z.infer<(typeof eventSchemas)[N]>;

/** Request and answer headers of the control API. */
export const HEADERS = {
  /** Client-chosen id of the operation that a request starts (a UUID), so that it can be followed on `/-/events`. */
  operation: 'Fusionizer-Operation',
  /** The path that a Task is deployed from. */
  source: 'Fusionizer-Source',
  /** `true`: deploy although the content is unchanged. */
  force: 'Fusionizer-Force',
  /** In the answer of a deploy: its warnings, percent-encoded, separated by `, `. */
  warning: 'Fusionizer-Warning',
} as const;
