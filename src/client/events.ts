import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type EventData, type EventName, eventSchemas } from '../shared/api.ts';
import { isPassing } from './errors.ts';
import type { Transport } from './transport.ts';

/** What `/-/events` tells, and how the connection to it fares. */
export type ServerEvent =
  | { [N in EventName]: { name: N; id: string; data: EventData<N> } }[EventName]
  /** Events come from here on. */
  | { name: 'connected' }
  /** The connection is lost, or the server is starting or closing; it is tried again. */
  | { name: 'disconnected'; error: Error }
  /** Events were missed: read the state anew. */
  | { name: 'reset' };

export interface EventOptions {
  /** Default: all. */
  names?: readonly EventName[] | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds before the first new try; doubled up to ten times that. Default: the server's `retry`, else 1000. */
  retry?: number | undefined;
}

/**
 * The server writes every 15 s at least; a connection that is silent for longer is dead (a computer that slept, a lost
 * network).
 */
const SILENCE = 45_000;
const RETRY = 1000;

/**
 * Follows `/-/events` until `signal` is aborted, over lost connections and restarts of the server.
 * @throws ClientError when the server refuses to tell
 */
export async function* followEvents(
  transport: Transport,
  { names, signal, retry }: EventOptions,
): AsyncGenerator<ServerEvent, void, void> {
  let lastId: string | undefined;
  let tries = 0;
  let connectedBefore = false;
  let serverRetry: number | undefined;
  while (!signal?.aborted) {
    try {
      const response = await transport.ok({
        method: 'GET',
        path: names === undefined ? '/-/events' : `/-/events?names=${names.join(',')}`,
        headers: {
          Accept: 'text/event-stream, application/json',
          ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
        },
        signal,
      });
      response.setTimeout(SILENCE, () => response.destroy(new Error('silent for too long')));
      tries = 0;
      yield { name: 'connected' };
      // Without an id there is nothing to resume from, so that events may have been missed.
      if (connectedBefore && lastId === undefined) yield { name: 'reset' };
      connectedBefore = true;
      const messages: EventSourceMessage[] = [];
      const parser = createParser({
        onEvent: (message) => messages.push(message),
        onRetry: (milliseconds) => {
          serverRetry = milliseconds;
        },
      });
      const decoder = new TextDecoder();
      for await (const chunk of transport.chunks(response)) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        for (const message of messages.splice(0)) {
          const event = toEvent(transport, message);
          if (event === undefined) continue;
          lastId = 'id' in event ? event.id : undefined;
          yield event;
        }
      }
      if (!signal?.aborted) yield { name: 'disconnected', error: new Error('The server ended the connection') };
    } catch (error) {
      if (signal?.aborted) return;
      if (!isPassing(error)) throw error;
      yield { name: 'disconnected', error };
    }
    const first = retry ?? serverRetry ?? RETRY;
    await delay(Math.min(first * 2 ** tries, first * 10), undefined, signal ? { signal } : {}).catch(
      (error: unknown) => {
        if (!signal?.aborted) throw error;
      },
    );
    tries += 1;
  }
}

/** Events that this version does not know are left out. */
function toEvent(
  transport: Transport,
  { event: name = '', id = '', data }: EventSourceMessage,
): ServerEvent | undefined {
  if (name === 'reset') return { name };
  if (!isEventName(name)) return undefined;
  // The schema of a name gives the data of that name; the type system cannot follow that through the union.
  return { name, id, data: transport.parse<unknown>(eventSchemas[name], data, `the event ${name}`) } as ServerEvent;
}

const isEventName = (name: string): name is EventName => Object.hasOwn(eventSchemas, name);
