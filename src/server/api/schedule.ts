import { Router } from 'express';
import { FusionizerError } from '../../shared/errors.ts';
import { entryOf, toEntries } from '../../shared/schedule.ts';
import { scheduleUpdateSchema, scheduleViewSchema } from '../../shared/scheduleApi.ts';
import { checkSize } from '../../shared/setup.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

const answers = { 200: { description: 'The schedule', content: { 'application/json': scheduleViewSchema } } } as const;

export const getSchedule = endpoint({
  method: 'get',
  path: '/-/schedule',
  id: 'getSchedule',
  tag: 'Schedule',
  summary: 'The schedule, its clock and its current entry',
  answers,
  errors: [],
});

export const putSchedule = endpoint({
  method: 'put',
  path: '/-/schedule',
  id: 'changeSchedule',
  tag: 'Schedule',
  summary: 'Changes the entries or the clock, or applies an entry now',
  description:
    'Also writes the schedule file, if there is one. A request for an entry that does not exist, or for a file that ' +
    'cannot be read, changes nothing.',
  body: scheduleUpdateSchema,
  answers,
  errors: ['malformed', 'option', 'not-found', 'superseded', 'too-large', 'task', 'setup', 'platform'],
});

/** `/-/schedule`: the entries, the clock and the current entry. */
export function scheduleRoutes({ schedule }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getSchedule, (_request, response) => {
    response.json(schedule.view());
  });
  serve(router, putSchedule, async (_request, response, { body: update }) => {
    const entries = update.entries && toEntries(update.entries);
    for (const { setup } of entries ?? []) checkSize(setup);
    // The entry is looked up first, because a refused request must not change anything.
    if (update.file !== undefined && (entries || update.apply !== undefined))
      throw new FusionizerError(
        'malformed',
        'Another file has entries of its own: send "file" without "entries" and "apply"',
      );
    if (update.apply !== undefined) entryOf(entries ?? schedule.view().entries, update.apply);
    if (update.file !== undefined) await schedule.follow(update.file);
    if (entries) await schedule.replace(entries);
    if (update.clock) schedule.clock(update.clock);
    if (update.apply !== undefined) await schedule.apply(update.apply);
    response.json(schedule.view());
  });
  return router;
}
