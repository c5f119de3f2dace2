import { count } from './format.ts';

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
 */
export function closingSignals(say: (text: string) => void, running: () => number | undefined): ClosingSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (_signal: NodeJS.Signals, number: number): void => {
    if (hurry.signal.aborted) process.exit(128 + number);
    if (stop.signal.aborted) {
      process.exitCode = 128 + number;
      say(cuttingOff(running() ?? 0));
      hurry.abort();
      return;
    }
    say(closing(running()));
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stop: stop.signal, hurry: hurry.signal };
}

function closing(running: number | undefined): string {
  if (running === undefined) return 'Closing.';
  if (running === 0) return 'Closing: no event runs.';
  return running === 1
    ? 'Closing: one event still runs. Press Ctrl+C again to cut it off.'
    : `Closing: ${running} events still run. Press Ctrl+C again to cut them off.`;
}

const cuttingOff = (running: number): string =>
  `${running === 0 ? 'No event runs any more; workers are being ended.' : `${count(running, 'event')} cut off.`} ` +
  'Press Ctrl+C again to end the process as it is.';
