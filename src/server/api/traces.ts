import * as z from 'zod';
import { type EventName, eventSchemas, traceBatchSchema, traceRecordSchema } from '../../shared/api.ts';
import { endpoint } from './endpoint.ts';

const eventNames = Object.keys(eventSchemas) as [EventName, ...EventName[]];

export const getTraces = endpoint({
  method: 'get',
  path: '/-/traces',
  id: 'getTraces',
  tag: 'Observation',
  summary: 'Recorded invocations and calls, newest last',
  description: 'The newest 10,000 are kept.',
  query: z.object({
    trace: z.string().optional().describe('Only those of this trace'),
    task: z.string().optional().describe('Only those in which this Task is caller or callee'),
  }),
  answers: { 200: { description: 'The records', content: { 'application/json': z.array(traceRecordSchema) } } },
  errors: ['malformed'],
});

export const postTraces = endpoint({
  method: 'post',
  path: '/-/traces',
  id: 'addTraces',
  tag: 'Observation',
  summary: 'Takes the calls that a function recorded',
  description: "For functions: a function's token is enough.",
  body: traceBatchSchema,
  answers: { 204: { description: 'They are recorded' } },
  errors: ['malformed', 'too-large'],
});

export const getEvents = endpoint({
  method: 'get',
  path: '/-/events',
  id: 'getEvents',
  tag: 'Observation',
  summary: 'Changes as they happen',
  description: `Server-Sent Events: ${eventNames
    .map((name) => `\`${name}\``)
    .join(
      ', ',
    )}, and \`reset\` when \`Last-Event-ID\` is unknown or too old: then read the state anew. The data of each is JSON.`,
  query: z.object({
    names: z
      .string('give it once, with the names separated by commas')
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(eventNames, `events are ${eventNames.join(', ')}`)))
      .optional()
      .describe('Only these events, separated by commas'),
  }),
  headers: z.object({ 'Last-Event-ID': z.string().optional().describe('Tells first what happened since that event') }),
  answers: { 200: { description: 'A stream without end', content: { 'text/event-stream': z.string() } } },
  errors: ['malformed'],
});
