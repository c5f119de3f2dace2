import type { RunningFunction } from '../../engine/actual.ts';
import { mergedKey } from '../../engine/fuse/mergeTriggers.ts';
import type { Fusionizer } from '../../engine/fusionizer.ts';
import type { RunningEvents } from '../../engine/runningEvents.ts';
import type { FunctionResponse } from '../../platform/platform.ts';
import { messageOf } from '../../shared/errors.ts';
import type { CronTrigger } from '../../task/triggers/cronTrigger.ts';
import { Ticker } from './ticker.ts';

/** Of an answer that tells of a failure, in the log. */
const MAX_SHOWN = 200;

/**
 * Runs the cron triggers of the Tasks that serve, where the platform does not do it itself. Each tick is an outer
 * invocation: it goes to the function that serves the Task at that moment, and has a trace.
 * @returns stops it
 */
export function startCron(fusionizer: Fusionizer, events: RunningEvents): () => void {
  const ticker = new Ticker({
    tasks: () =>
      fusionizer.taskNames
        .filter((name) => fusionizer.route(name)?.fn.tick !== undefined)
        .map((name) => fusionizer.task(name)),
    fire: async (task, trigger) => {
      const running = fusionizer.route(task);
      if (running !== undefined) await fire(task, trigger, running, fusionizer, events);
    },
    report: (task, message) => fusionizer.reports.sayOf(task, 'warn', message),
  });
  fusionizer.onMove(() => ticker.refresh());
  return ticker.start();
}

async function fire(
  task: string,
  trigger: CronTrigger,
  running: RunningFunction,
  fusionizer: Fusionizer,
  events: RunningEvents,
): Promise<void> {
  const inFlight = events.begin(task, running, undefined, undefined, undefined);
  const { trace, span } = inFlight;
  const headers = {
    ...trigger.event.headers,
    'Task-Name': task,
    'Fusionizer-Server-Address': events.serverHost,
    Traceparent: `00-${trace}-${span}-01`,
  };
  let result: FunctionResponse | undefined;
  let failure: string | undefined;
  try {
    result = await running.fn.tick?.(
      { ...trigger.event, task, trigger: mergedKey(task, trigger.key), headers, trace, span },
      inFlight,
    );
    if (result !== undefined && result.status >= 400) failure = describe(result);
  } catch (error) {
    failure = messageOf(error);
  } finally {
    events.end(inFlight, result);
  }
  if (failure === undefined) return;
  fusionizer.reports.sayOf(task, 'error', `An event of the cron trigger '${trigger.key}' failed: ${failure}`, {
    function: running.fn.name,
    trace,
  });
}

function describe({ status, body }: FunctionResponse): string {
  if (status === 503 && body.length === 0)
    return 'status 503, as when no worker is free in time: a larger numWorkers of the http trigger helps';
  const text = body.toString().trim().slice(0, MAX_SHOWN);
  return `status ${status}${text === '' ? '' : `: ${text}`}`;
}
