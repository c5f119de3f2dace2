import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type EventData, type EventName, eventSchemas } from '../shared/api.ts';
import { isPassing } from './errors.ts';
import type { Transport } from './transport.ts';

/** An event of `/-/events`, or a change of the connection to it. */
export type ServerEvent =
  | { [N in EventName]: { name: N; id: string; data: EventData<N> } }[EventName]
  /** Events come from here on. */
  | { name: 'connected' }
  /** The connection is lost, or the server is starting or closing. The client connects again. */
  | { name: 'disconnected'; error: Error }
  /** Events were missed: read the whole state again. */
  | { name: 'reset' };

export interface EventOptions {
  /** Default: all. */
  names?: readonly EventName[] | undefined;
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds before the first new attempt, doubled after each attempt up to ten times that. Default: the server's
   * `retry`, or else 1000.
   */
  retry?: number | undefined;
}

/**
 * In milliseconds. The server writes at least every 15 s. A connection that is silent for longer than this is dead: the
 * computer slept, or the network is lost.
 */
const SILENCE = 45_000;
const RETRY = 1000;

/**
 * Follows `/-/events` until `signal` is aborted, across lost connections and restarts of the server.
 * @throws ClientError if the server refuses the request
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
      // Without an id the server cannot resume the stream, and events may have been missed.
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

/** @returns undefined for an event that this version does not know */
function toEvent(
  transport: Transport,
  { event: name = '', id = '', data }: EventSourceMessage,
): ServerEvent | undefined {
  if (name === 'reset') return { name };
  if (!isEventName(name)) return undefined;
  // Each name's schema gives that name's data. TypeScript cannot infer this through the union.
  return { name, id, data: transport.parse<unknown>(eventSchemas[name], data, `the event ${name}`) } as ServerEvent;
}

const isEventName = (name: string): name is EventName => Object.hasOwn(eventSchemas, name);
