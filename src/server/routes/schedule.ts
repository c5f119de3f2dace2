import express, { Router } from 'express';
import { FusionizerError } from '../../core/errors.ts';
import { toEntries } from '../../core/schedule.ts';
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
    const seconds = update.entries ? Object.keys(update.entries).map(Number) : schedule.view().entries.map(({ second }) => second);
    if (update.apply !== undefined && !seconds.includes(update.apply)) {
      throw new FusionizerError('not-found', `The schedule has no entry for second ${update.apply}: it has ${seconds.join(', ') || 'none'}`);
    }
    if (update.entries) await schedule.replace(toEntries(update.entries));
    if (update.clock) schedule.clock(update.clock);
    if (update.apply !== undefined) await schedule.apply(update.apply);
    response.json(schedule.view());
  });
  return router;
}
