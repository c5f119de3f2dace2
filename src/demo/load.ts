import { performance } from 'node:perf_hooks';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { messageOf } from '../shared/errors.ts';
import type { Application } from './applications.ts';

/**
 * Requests at the same time. A function has one worker: more requests would measure the wait for it.
 */
export const CLIENTS = 2;

/** The result of sending an application's records once. */
export interface Run {
  /** The answer to each record: its body, or the failure. */
  readonly answers: string[][];
  /** Milliseconds from sending a request to having its answer whole. */
  readonly durations: number[];
  readonly failures: string[];
  /** The trace ids of the requests. */
  readonly traces: Set<string>;
  /** Of the whole run, in milliseconds. */
  readonly elapsed: number;
}

/**
 * Sends all records of an application with a few clients. Each takes one list after the other.
 * @param progress is called after each answer
 * @param ended no further list is begun once it returns true
 */
export async function sendRecords(
  client: FusionizerClient,
  application: Application,
  progress: () => void,
  ended = (): boolean => false,
): Promise<Run> {
  const answers: string[][] = application.lists.map(() => []);
  const durations: number[] = [];
  const failures: string[] = [];
  const traces = new Set<string>();
  const began = performance.now();
  const waiting = application.lists.entries();
  const sendLists = async (): Promise<void> => {
    for (const [index, list] of waiting) {
      if (ended()) return;
      let previous: string | undefined;
      for (const record of list) {
        const sent = performance.now();
        const answer = await send(client, application, record, previous);
        durations.push(performance.now() - sent);
        if (answer.failed) failures.push(answer.text);
        answers[index]?.push(answer.text);
        traces.add(answer.trace);
        previous = answer.failed ? undefined : answer.text;
        progress();
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, sendLists));
  return { answers, durations, failures, traces, elapsed: performance.now() - began };
}

interface Answer {
  text: string;
  /** Empty when the request did not reach the Task. */
  trace: string;
  failed: boolean;
}

async function send(
  client: FusionizerClient,
  application: Application,
  record: string,
  previous: string | undefined,
): Promise<Answer> {
  const [entry] = application.tasks;
  try {
    const body = application.body(record, previous);
    const answer = await client.invoke(entry, { headers: { 'Content-Type': 'application/json' }, body });
    const text = answer.body.toString();
    const { trace } = answer;
    return answer.status === 200
      ? { text, trace, failed: false }
      : { text: `${answer.status} ${text}`, trace, failed: true };
  } catch (error) {
    // A failed request is a result: it is counted, and shown at the end.
    return { text: messageOf(error), trace: '', failed: true };
  }
}

/** Counts the answers that are the same, byte by byte. */
export function countEqual(one: readonly string[][], other: readonly string[][]): number {
  return one.flatMap((list, index) => list.filter((answer, position) => answer === other[index]?.[position])).length;
}
