import * as z from 'zod';
import { namedTwice } from './namedTwice.ts';
import { TASK_NAME, TASK_NAME_RULE } from './taskNamePattern.ts';

/** Names of Tasks, and Fusion Setups of them, as they cross the HTTP API. */

/** The most that a message shows of a wrong value, in characters. */
const MAX_SHOWN = 60;
const shown = (value: unknown): string =>
  JSON.stringify(typeof value === 'string' && value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value);

export const taskNameSchema = z.string('a Task name is text').regex(TASK_NAME, {
  error: (issue) => `${shown(issue.input)} is not a Task name: ${TASK_NAME_RULE}`,
});

const groupSchema = z
  .array(taskNameSchema, 'a Fusion Group is a list of Task names, e.g. ["taska", "taskb"]')
  .min(1, 'a Fusion Group is empty: name at least one Task in it')
  .meta({ uniqueItems: true });

/** A Fusion Setup as in a schedule entry: `[["taska", "taskb"]]`. */
export const setupSchema = z
  .array(groupSchema, 'a Fusion Setup is a list of Fusion Groups, e.g. [["taska", "taskb"]]')
  .superRefine((groups, context) => {
    for (const { name, path } of namedTwice(groups)) {
      const message = `Task '${name}' is named twice: a Task belongs to one Fusion Group`;
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type Setup = z.infer<typeof setupSchema>;
