/** Shown at the first signal. */
export const CLOSING = 'Closing: running events may end. Press Ctrl+C again to end them at once.';

export interface ClosingSignals {
  /** Aborted by the first signal: the command closes in good order. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: running events are cut off. */
  readonly hurry: AbortSignal;
}

/**
 * The first signal (Ctrl+C, SIGTERM) closes in good order, the second one does not wait for events, and a third one
 * ends the process as it is.
 * @param onStop is called at the first one
 */
export function closingSignals(onStop: () => void): ClosingSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (_signal: NodeJS.Signals, number: number): void => {
    if (hurry.signal.aborted) process.exit(128 + number);
    if (stop.signal.aborted) {
      process.exitCode = 128 + number;
      hurry.abort();
      return;
    }
    onStop();
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stop: stop.signal, hurry: hurry.signal };
}
