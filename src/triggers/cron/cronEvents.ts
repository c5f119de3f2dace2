import type { Delivery, EventTarget, TaskLog } from '../source.ts';
import { Ticker } from './ticker.ts';

/** Of a failure's answer, in the log, in characters. */
const MAX_SHOWN = 200;

/**
 * Runs the cron triggers of the Tasks that serve, where the platform does not do it itself.
 * @returns stops it
 */
export function startCron(target: EventTarget, log: TaskLog): () => void {
  const ticker = new Ticker({
    tasks: () => target.tasks(),
    fire: async (task, { key, event }) => {
      // As with Nuclio 1.14's cron trigger, the handler sees no content type, and time 0.
      const trigger = { kind: 'cron', name: key };
      const delivery = await target.deliver({ ...event, task, trigger, contentType: '', timestamp: 0 });
      if (delivery === undefined) return;
      const failure = failureOf(delivery);
      if (failure !== undefined)
        log(task, 'error', `An event of the cron trigger '${key}' failed: ${failure}`, delivery);
    },
    report: (task, message) => log(task, 'warn', message),
  });
  target.onMove(() => ticker.refresh());
  return ticker.start();
}

/** Undefined for a success. */
function failureOf({ answer, error }: Delivery): string | undefined {
  if (answer === undefined) return error;
  const { status, body } = answer;
  if (status < 400) return undefined;
  if (status === 503 && body.length === 0)
    return 'status 503, as when no worker is free in time: a larger numWorkers of the http trigger helps';
  const text = body.toString().trim().slice(0, MAX_SHOWN);
  return `status ${status}${text === '' ? '' : `: ${text}`}`;
}
