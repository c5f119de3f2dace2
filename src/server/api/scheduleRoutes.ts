import { Router } from 'express';
import { entryOf, toEntries } from '../../shared/schedule.ts';
import type { ServerParts } from '../parts.ts';
import { getSchedule, putSchedule } from './schedule.ts';
import { serve } from './serve.ts';

/** `/-/schedule`: entries, clock, entry in force. */
export function scheduleRoutes({ schedule }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getSchedule, (_request, response) => {
    response.json(schedule.view());
  });
  serve(router, putSchedule, async (_request, response, { body: update }) => {
    const entries = update.entries && toEntries(update.entries);
    // Looked up first: a request that is refused changes nothing.
    if (update.apply !== undefined) entryOf(entries ?? schedule.view().entries, update.apply);
    if (entries) await schedule.replace(entries);
    if (update.clock) schedule.clock(update.clock);
    if (update.apply !== undefined) await schedule.apply(update.apply);
    response.json(schedule.view());
  });
  return router;
}
