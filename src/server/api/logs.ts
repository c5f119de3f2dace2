import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import * as z from 'zod';
import { type LogRecord, logLevelSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { taskParams } from './parameters.ts';
import { serve } from './serve.ts';

export const getLogs = endpoint({
  method: 'get',
  path: '/-/tasks/{task}/logs',
  id: 'getLogs',
  tag: 'Observation',
  summary: 'Log records of a Task, newest last',
  description:
    'One `LogRecord` per line; the newest 2,000 are kept. With `follow`, new records are added as they come.',
  params: taskParams,
  query: z.object({
    follow: z
      .enum(['', 'true', 'false', '1', '0'])
      .optional()
      .transform((value) => value !== undefined && value !== 'false' && value !== '0')
      .describe('Keeps the answer open'),
    level: logLevelSchema.optional().describe('The lowest level of the records'),
  }),
  answers: { 200: { description: 'The records', content: { 'application/x-ndjson': z.string() } } },
  errors: ['malformed', 'not-found'],
});

/** A follower is disconnected when more than this waits for it, in bytes. */
const MAX_WAITING = 4 * 1024 ** 2;

/** `/-/tasks/{task}/logs`: log records as NDJSON, newest last; `follow` streams. */
export function logRoutes({ fusionizer, logs, followers }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getLogs, async (request, response, { params: { task }, query: { follow, level } }) => {
    fusionizer.task(task);
    response.type('application/x-ndjson').flushHeaders();
    const kept = logs.find({ task, level });
    const text = (record: LogRecord): string => `${JSON.stringify(record)}\n`;
    // The answer to HEAD consists of headers only, so no stream is kept open.
    if (!follow || request.method === 'HEAD') {
      await pipeline(Readable.from(kept.map(text)), response).catch(ignoreLeaving);
      return;
    }
    // The kept records may be more than a reader takes at once. Only later ones count as waiting.
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

/** Ignores that the reader closed the connection, which it may do at any time. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
