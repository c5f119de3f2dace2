import { type RunningEvent, shownEvent } from '../runningEvents.ts';
import type { ServerLog } from './serverLog.ts';

/** How long an event may run before a record says that it has no answer yet, in milliseconds. */
const LONG = 10_000;
/** How often the running events are looked at, in milliseconds. The path of events does no bookkeeping for it. */
const LOOK = 500;

/** The running events, the oldest first. */
interface Running {
  readonly all: Iterable<RunningEvent>;
}

/**
 * Logs, once for each event, that a handler has not answered for long, or that its client has gone away meanwhile: a
 * handler that never answers would leave no trace. Of many events of one Task, a look logs the oldest and counts the
 * others.
 * @returns ends the watch
 */
export function watchUnanswered(running: Running, log: ServerLog, long = LONG): () => void {
  const noted = new WeakSet<RunningEvent>();
  const look = (): void => {
    const now = performance.now();
    const late = [...running.all].filter(
      (event) => !noted.has(event) && (now - event.began >= long || event.client?.destroyed),
    );
    for (const task of new Set(late.map((event) => event.task))) {
      const [oldest, ...others] = late.filter((event) => event.task === task);
      if (oldest === undefined) continue;
      const { trace, fn } = oldest;
      log.writeOf(task, 'warn', messageOf(oldest, others.length, now), { function: fn.name, trace });
    }
    for (const event of late) noted.add(event);
  };
  const timer = setInterval(look, Math.min(LOOK, long)).unref();
  return () => clearInterval(timer);
}

function messageOf({ task, request, client, began }: RunningEvent, others: number, now: number): string {
  const what = request === undefined ? 'An event of a trigger' : shownEvent(task, request);
  const more = others === 0 ? '' : `, and ${others} more`;
  const seconds = ((now - began) / 1000).toFixed(1);
  const gone = client?.destroyed === true ? ', and its client has gone away' : '';
  const hint = 'spec.eventTimeout bounds how long an event may take';
  return `${what} has had no answer for ${seconds} s${gone}${more}. ${hint}`;
}
