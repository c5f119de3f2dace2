import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import * as api from '../../shared/api.ts';
import type { Schema } from './types.ts';

/** The shapes that have a name in the document, with what they are, and an example where a person writes them. */
const NAMED: readonly [id: string, schema: z.ZodType, description: string, example?: unknown][] = [
  [
    'TaskName',
    api.taskNameSchema,
    "A Task's name: a DNS label that starts with a letter, at most 40 characters",
    'taska',
  ],
  [
    'Setup',
    api.setupSchema,
    'A Fusion Setup: Fusion Groups, each with the names of its Tasks. A name is in one group only',
    [['taska', 'taskb']],
  ],
  ['SetupView', api.setupViewSchema, 'The desired and the actual Fusion Setup'],
  ['TaskView', api.taskViewSchema, 'A deployed Task'],
  ['FunctionView', api.functionViewSchema, 'What the platform runs: one deployed build of one Fusion Group'],
  ['Problem', api.problemSchema, 'An error (RFC 9457)'],
  ['Operation', api.operationSchema, 'A deploy, a deletion or a change of the setup'],
  ['Schedule', api.scheduleFileSchema, 'Seconds after the start -> Fusion Setup', { '40': [['taska', 'taskb']] }],
  ['ScheduleEntry', api.scheduleEntrySchema, 'The setup from that second after the start on'],
  ['ScheduleView', api.scheduleViewSchema, 'Entries, clock and the entry in force'],
  [
    'ScheduleUpdate',
    api.scheduleUpdateSchema,
    'Any of these; they are done in this order',
    { entries: { '40': [['taska', 'taskb']] }, clock: 'restart' },
  ],
  ['LogRecord', api.logRecordSchema, 'One line of a log'],
  ['TraceRecord', api.traceRecordSchema, 'A recorded invocation or call'],
  ['CallRecord', api.callRecordSchema, 'A call as its function recorded it'],
  [
    'TaskChange',
    api.taskChangeSchema,
    'The data of the event `task`: a Task was deployed, moved or deleted; then its task is null',
  ],
  ['Health', api.healthSchema, 'The server'],
];
for (const [id, schema, description, example] of NAMED) {
  schema.register(z.globalRegistry, { id, description, ...(example === undefined ? {} : { examples: [example] }) });
}

/** Turns zod's schemas into those of the document, and collects the named ones. */
export class Schemas {
  readonly #components = new Map<string, Schema>();

  /** @param direction whether it is sent or answered: an answer has no other fields than those that its schema names */
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
        throw new Error(`${id} is sent and answered, and not in the same shape: name it twice`);
      this.#components.set(id, component);
    }
    return converted;
  }

  /** All named schemas, by name; also those that are only in streams. */
  components(): Record<string, Schema> {
    for (const [id, schema] of NAMED) if (!this.#components.has(id)) this.convert(schema, 'output');
    return Object.fromEntries([...this.#components].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}
