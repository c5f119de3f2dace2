import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import * as api from '../../shared/api.ts';
import * as schedule from '../../shared/scheduleApi.ts';
import { setupSchema, taskNameSchema } from '../../shared/setupApi.ts';
import * as traces from '../../shared/traceApi.ts';
import type { Schema } from './types.ts';

/** The shapes that have a name in the document: id, schema, description, and an example of those that people write. */
const NAMED: readonly [id: string, schema: z.ZodType, description: string, example?: unknown][] = [
  ['TaskName', taskNameSchema, "A Task's name: a DNS label that starts with a letter, at most 40 characters", 'taska'],
  [
    'Setup',
    setupSchema,
    'A Fusion Setup: Fusion Groups, each with the names of its Tasks. Each name is in one group only',
    [['taska', 'taskb']],
  ],
  ['SetupView', api.setupViewSchema, 'The desired and the actual Fusion Setup'],
  ['TaskView', api.taskViewSchema, 'A deployed Task'],
  ['FunctionView', api.functionViewSchema, 'What the platform runs: one deployed build of one Fusion Group'],
  ['Problem', api.problemSchema, 'An error (RFC 9457)'],
  ['Operation', api.operationSchema, 'A deploy, a deletion or a change of the setup'],
  ['Schedule', schedule.scheduleFileSchema, 'Seconds after the start -> Fusion Setup', { '40': [['taska', 'taskb']] }],
  ['ScheduleEntry', schedule.scheduleEntrySchema, 'The setup that applies from that second after the start'],
  ['ScheduleView', schedule.scheduleViewSchema, 'The entries, the clock and the current entry'],
  [
    'ScheduleUpdate',
    schedule.scheduleUpdateSchema,
    'Any of these changes. They are made in this order',
    { entries: { '40': [['taska', 'taskb']] }, clock: 'restart' },
  ],
  ['LogRecord', api.logRecordSchema, 'One line of a log'],
  ['TraceRecord', api.traceRecordSchema, 'A recorded invocation or call'],
  ['CallRecord', api.callRecordSchema, 'A call as the function that made it recorded it'],
  ['TraceView', traces.traceViewSchema, 'One trace: its spans, with requests and answers'],
  ['RecordedRequest', traces.recordedRequestSchema, 'A request as it was recorded'],
  ['RecordedAnswer', traces.recordedAnswerSchema, 'An answer as it was recorded'],
  ['ReplayRequest', traces.replayRequestSchema, 'What to change of a recorded request', { body: { n: 2 } }],
  ['ReplayView', traces.replayViewSchema, 'The answers to a recorded request, then and now'],
  [
    'TaskChange',
    api.taskChangeSchema,
    'The data of the event `task`: a Task was deployed, moved or deleted. If it was deleted, `task` is null',
  ],
  ['Health', api.healthSchema, 'The server'],
];
for (const [id, schema, description, example] of NAMED) {
  schema.register(z.globalRegistry, { id, description, ...(example === undefined ? {} : { examples: [example] }) });
}

/** Converts zod's schemas to those of the document, and collects the named ones. */
export class Schemas {
  readonly #components = new Map<string, Schema>();

  /** @param direction `input` for requests; `output` for answers, which have only the fields that their schema names */
  convert(schema: z.ZodType, direction: 'input' | 'output'): Schema {
    const text = JSON.stringify(z.toJSONSchema(schema, { io: direction })).replaceAll(
      '"#/$defs/',
      '"#/components/schemas/',
    );
    const {
      $schema: _,
      $defs = {},
      ...converted
    }: Schema & { $schema?: string; $defs?: Record<string, Schema> } = JSON.parse(text);
    for (const [id, component] of Object.entries($defs)) {
      const known = this.#components.get(id);
      if (known !== undefined && !isDeepStrictEqual(known, component))
        throw new Error(`${id} has one shape in requests and another one in answers: give these two names`);
      this.#components.set(id, component);
    }
    return converted;
  }

  /** All named schemas, by name, including those that appear in streams only. */
  components(): Record<string, Schema> {
    for (const [id, schema] of NAMED) if (!this.#components.has(id)) this.convert(schema, 'output');
    return Object.fromEntries([...this.#components].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}
