import * as z from 'zod';
import { setupSchema } from './setupApi.ts';

/** Schedules as they cross the HTTP API, and as files. */

export const scheduleEntrySchema = z.object({ second: z.int().min(0), setup: setupSchema });
export type ScheduleEntry = z.infer<typeof scheduleEntrySchema>;

/** A schedule file: seconds after the start -> Fusion Setup, e.g. `{"40": [["taska", "taskb"]]}`. */
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
    seconds: z.number().describe('Seconds since the start, without those in which it was paused'),
  }),
  inForce: z.int().nullable().describe('Second of the current entry; null when another setup serves'),
  next: z.int().nullable().describe('Second of the next entry'),
  optimizer: z
    .object({
      name: z.string().describe('static: the one that follows the schedule'),
      state: z.enum(['running', 'ended']).describe('ended: it decides nothing any more'),
      error: z.string().nullable().describe('The exception that ended it'),
    })
    .describe('Who decides on setups over time'),
  error: z.string().nullable(),
  failed: z
    .array(z.object({ second: z.int(), reason: z.string() }))
    .default([])
    .describe('The entries that could not be applied, and why'),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const scheduleUpdateSchema = z.strictObject({
  entries: scheduleFileSchema.optional(),
  file: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .describe("A schedule file on the server's machine to follow from now on, in place of the present one; null: none"),
  clock: z.enum(['run', 'pause', 'restart']).optional(),
  /** Applies the entry of this second now. */
  apply: z.int().min(0).optional().describe('Applies the entry of this second now'),
});
export type ScheduleUpdate = z.infer<typeof scheduleUpdateSchema>;
