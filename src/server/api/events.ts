import { createSession } from 'better-sse';
import { Router } from 'express';
import * as z from 'zod';
import type { KeptEvent } from '../../engine/observe/hub.ts';
import { type EventName, eventSchemas } from '../../shared/api.ts';
import type { ServerParts } from '../parts.ts';
import { endpoint } from './endpoint.ts';
import { serve } from './serve.ts';

const eventNames = Object.keys(eventSchemas) as [EventName, ...EventName[]];

export const getEvents = endpoint({
  method: 'get',
  path: '/-/events',
  id: 'getEvents',
  tag: 'Observation',
  summary: 'Changes as they happen',
  description:
    `Server-Sent Events: ${eventNames.map((name) => `\`${name}\``).join(', ')}, and \`reset\`. ` +
    '`reset` is sent when `Last-Event-ID` is unknown or too old: then read the whole state again. ' +
    'The data of each event is JSON.',
  query: z.object({
    names: z
      .string('give it once, with the names separated by commas')
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(eventNames, `events are ${eventNames.join(', ')}`)))
      .optional()
      .describe('Only these events, separated by commas'),
  }),
  headers: z.object({ 'Last-Event-ID': z.string().optional().describe('First sends the events after that one') }),
  answers: { 200: { description: 'A stream that does not end', content: { 'text/event-stream': z.string() } } },
  errors: ['malformed'],
});

/** A reader is disconnected when more than this waits for it, in bytes. It can resume with Last-Event-ID. */
const MAX_WAITING = 1024 ** 2;

/** `/-/events`: changes to Tasks, setup, operations and schedule, sampled invocations, and logs. */
export function eventsRoutes({ hub, followers }: ServerParts): Router {
  const router = Router({ caseSensitive: true });
  serve(router, getEvents, async (request, response, { query }) => {
    if (request.method === 'HEAD') {
      // The answer to HEAD consists of headers only, so no stream is kept open.
      response.type('text/event-stream').end();
      return;
    }
    const wanted = new Set<string>(query.names ?? Object.keys(eventSchemas));
    followers.add(response);
    // The data of events is JSON already.
    const session = await createSession(request, response, { keepAlive: 15_000, serializer: String });
    const push = (event: KeptEvent): void => {
      if (!session.isConnected || !wanted.has(event.name)) return;
      // Checked before the event is added, because one event alone may be larger.
      if (response.writableLength > MAX_WAITING) response.destroy();
      else session.push(event.text, event.name, event.id);
    };
    if (session.lastId !== '') {
      const missed = hub.since(session.lastId, { names: wanted, most: MAX_WAITING });
      if (missed === undefined) session.push('{}', 'reset', hub.lastId);
      else missed.forEach(push);
    }
    session.once('disconnected', hub.subscribe(push));
  });
  return router;
}
