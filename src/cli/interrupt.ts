import { ExitCode } from './exitCodes.ts';
import { endEcho } from './terminal.ts';

/**
 * Runs work that Ctrl+C cancels in good order. A second Ctrl+C ends the process at once.
 * @param onCancel is called at the first one
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>, onCancel: () => void): Promise<T> {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    endEcho(signal);
    if (controller.signal.aborted) process.exit(ExitCode.cancelled);
    onCancel();
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
