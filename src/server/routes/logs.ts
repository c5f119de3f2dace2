import { Router } from 'express';
import { z } from 'zod';
import { type LogRecord, logLevelSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';

/** A follower that reads too slowly is dropped when this much waits for it, in bytes. */
const MAX_WAITING = 4 * 1024 ** 2;

const querySchema = z.object({
  follow: z
    .enum(['', 'true', 'false', '1', '0'])
    .optional()
    .transform((value) => value !== undefined && value !== 'false' && value !== '0'),
  level: logLevelSchema.optional(),
});

/** `/-/tasks/{task}/logs`: log records as NDJSON, newest last; `follow` streams. */
export function logRoutes({ fusionizer, logs }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  router.get('/tasks/:task/logs', (request, response) => {
    const { task } = request.params;
    fusionizer.task(task);
    const { follow, level } = querySchema.parse(request.query);
    response.type('application/x-ndjson');
    const write = (record: LogRecord): void => {
      response.write(`${JSON.stringify(record)}\n`);
      if (response.writableLength > MAX_WAITING) response.destroy();
    };
    logs.find({ task, level }).forEach(write);
    if (!follow) {
      response.end();
      return;
    }
    response.flushHeaders();
    response.on('close', logs.follow({ task, level }, write));
  });
  return router;
}
