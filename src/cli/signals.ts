import { DEFAULT_GRACE } from '../shared/grace.ts';
import { endEcho } from './terminal.ts';

export interface ClosingSignals {
  /** Aborted by the first signal: the command closes in good order. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: running events are cut off. */
  readonly hurry: AbortSignal;
}

/**
 * The first signal (Ctrl+C, SIGTERM) closes in good order, the second one does not wait for events, and a third one
 * ends the process as it is.
 * @param say shows what the first and the second one do
 * @param running the number of events that run or wait; undefined where no server of this process serves
 * @param grace how long events may take to end, in milliseconds
 */
export function closingSignals(
  say: (text: string) => void,
  running: () => number | undefined,
  grace = DEFAULT_GRACE,
): ClosingSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (signal: NodeJS.Signals, number: number): void => {
    if (hurry.signal.aborted) process.exit(128 + number);
    endEcho(signal);
    if (stop.signal.aborted) {
      process.exitCode = 128 + number;
      say(cuttingOff(running() ?? 0));
      hurry.abort();
      return;
    }
    say(closing(running(), grace));
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stop: stop.signal, hurry: hurry.signal };
}

/** What the first signal does. */
export function closing(running: number | undefined, grace: number): string {
  if (running === undefined) return 'Closing.';
  if (running === 0) return 'Closing: no event runs.';
  const time = `at most ${grace / 1000} s to end`;
  return running === 1
    ? `Closing: one event still runs. It has ${time}; press Ctrl+C again to cut it off.`
    : `Closing: ${running} events still run. They have ${time}; press Ctrl+C again to cut them off.`;
}

/** What the second signal does. */
export function cuttingOff(running: number): string {
  const next = 'Press Ctrl+C again to end the process at once.';
  if (running === 0) return `No event runs any more. The workers are being ended. ${next}`;
  return running === 1
    ? `Cut off one event: its handler is stopped where it is, and its client gets an error. ${next}`
    : `Cut off ${running} events: their handlers are stopped where they are, and their clients get errors. ${next}`;
}
