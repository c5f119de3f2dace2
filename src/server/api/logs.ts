import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { LogRecord } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { serve } from './serve.ts';
import { getLogs } from './tasks.ts';

/** A follower that reads too slowly is dropped when this much waits for it, in bytes. */
const MAX_WAITING = 4 * 1024 ** 2;

/** `/-/tasks/{task}/logs`: log records as NDJSON, newest last; `follow` streams. */
export function logRoutes({ fusionizer, logs, followers }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getLogs, async (request, response, { params: { task }, query: { follow, level } }) => {
    fusionizer.task(task);
    response.type('application/x-ndjson').flushHeaders();
    const kept = logs.find({ task, level });
    const text = (record: LogRecord): string => `${JSON.stringify(record)}\n`;
    // A HEAD request's answer has headers only: nothing is to be kept open.
    if (!follow || request.method === 'HEAD') {
      await pipeline(Readable.from(kept.map(text)), response).catch(ignoreLeaving);
      return;
    }
    // What is kept may be more than a reader takes at once; only what comes after it counts as waiting.
    for (const record of kept) response.write(text(record));
    const atStart = response.writableLength;
    const stop = logs.follow({ task, level }, (record) => {
      response.write(text(record));
      if (response.writableLength > atStart + MAX_WAITING) response.destroy();
    });
    followers.add(response);
    response.on('close', stop);
  });
  return router;
}

/** A reader may go whenever it likes. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
