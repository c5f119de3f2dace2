import express, { Router } from 'express';
import { entryOf, toEntries } from '../../core/schedule.ts';
import { scheduleUpdateSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';

/** `/-/schedule`: entries, clock, entry in force. */
export function scheduleRoutes({ schedule }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  router.get('/schedule', (_request, response) => {
    response.json(schedule.view());
  });
  router.put('/schedule', express.json({ limit: '1mb', type: () => true }), async (request, response) => {
    const update = scheduleUpdateSchema.parse(request.body);
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
