import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import type { LogFilter } from '../../engine/observe/logs.ts';
import { type LogRecord, logLevelSchema } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { taskParams, tracePrefix } from './parameters.ts';
import { serve } from './serve.ts';

const shared = {
  method: 'get',
  tag: 'Observation',
  query: z.object({
    follow: z
      .enum(['', 'true', 'false', '1', '0'])
      .optional()
      .transform((value) => value !== undefined && value !== 'false' && value !== '0')
      .describe('Keeps the answer open'),
    level: logLevelSchema.optional().describe('The lowest level of the records'),
    trace: tracePrefix,
    since: z
      .string()
      .regex(/^[0-9]{1,15}([.][0-9]{1,9})?$/, 'write Unix milliseconds')
      .transform(Number)
      .optional()
      .describe('Only records from this time on, in Unix milliseconds'),
    lines: z
      .string()
      .regex(/^[0-9]{1,9}$/, 'write a whole number')
      .transform(Number)
      .optional()
      .describe('Begins with at most so many kept records, the newest'),
  }),
  answers: { 200: { description: 'The records', content: { 'application/x-ndjson': z.string() } } },
} as const;

export const getLogs = endpoint({
  ...shared,
  path: '/-/tasks/{task}/logs',
  id: 'getLogs',
  summary: 'Log records of a Task, newest last',
  description:
    'One `LogRecord` per line; the newest 2,000 are kept. With `follow`, new records are added as they come.',
  params: taskParams,
  errors: ['malformed', 'not-found'],
});

export const getAllLogs = endpoint({
  ...shared,
  path: '/-/logs',
  id: 'getAllLogs',
  summary: "Log records of all Tasks and the server's own, newest last",
  description: 'As for one Task. A print of a function with several Tasks, which is in the logs of all, comes once.',
  errors: ['malformed'],
});

/** A follower is disconnected when more new records than this wait for it, in characters. */
const MAX_WAITING = 1024 ** 2;

/** `/-/tasks/{task}/logs` and `/-/logs`: log records as NDJSON, newest last; `follow` streams. */
export function logRoutes({ fusionizer, logs, followers }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  const answer = async (
    request: Request,
    response: Response,
    { follow, lines, ...filter }: LogFilter & { follow: boolean; lines?: number | undefined },
  ): Promise<void> => {
    const following = follow && request.method !== 'HEAD';
    if (following) followers.add(response);
    response.type('application/x-ndjson').flushHeaders();
    const found = logs.find(filter);
    const kept = lines === undefined ? found : found.slice(Math.max(0, found.length - lines));
    // The answer to HEAD consists of headers only, so no stream is kept open.
    if (!following) {
      await pipeline(Readable.from(texts(kept)), response).catch(ignoreLeaving);
      return;
    }
    response.on('close', logs.follow(filter, sendWithin(response, kept)));
  };

  serve(router, getLogs, (request, response, { params: { task }, query }) => {
    fusionizer.task(task);
    return answer(request, response, { ...query, task });
  });
  serve(router, getAllLogs, (request, response, { query }) => answer(request, response, query));
  return router;
}

const text = (record: LogRecord): string => `${JSON.stringify(record)}\n`;

/** Made one by one, as the reader takes them. */
function* texts(records: readonly LogRecord[]): Generator<string> {
  for (const record of records) yield text(record);
}

/**
 * Sends records as fast as the reader takes them.
 * @param waiting the records to begin with; what the server keeps anyway does not count as waiting
 * @returns sends one more; a reader that is too slow is disconnected
 */
function sendWithin(response: Response, waiting: LogRecord[]): (record: LogRecord) => void {
  let next = 0;
  let size = 0;
  const flush = (): void => {
    for (; next < waiting.length && !response.writableNeedDrain; next += 1)
      response.write(text(waiting[next] as LogRecord));
    if (next < waiting.length) return;
    waiting.length = next = size = 0;
  };
  response.on('drain', flush);
  flush();
  return (record) => {
    waiting.push(record);
    flush();
    if (waiting.length > 0) size += text(record).length;
    if (size > MAX_WAITING) response.destroy();
  };
}

/** Ignores that the reader closed the connection, which it may do at any time. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
