import { type Progress, ProgressLocation, window } from 'vscode';
import { DismissedError } from './errors.ts';

/** What a progress shows. `increment`: how much of 100 is done since the last step. */
export interface Step {
  readonly message?: string;
  readonly increment?: number;
}

/**
 * Shows work that takes its time as a notification with Cancel. What is done sooner needs none, and VS Code drops
 * messages that come fast after each other.
 * @param slow until there is a notification, in milliseconds
 * @param abort Cancel aborts it with a DismissedError
 */
export async function withSlowProgress<T>(
  title: string,
  slow: number,
  abort: AbortController,
  work: (progress: Progress<Step>) => Promise<T>,
): Promise<T> {
  let shown: Progress<Step> | undefined;
  let so: Step = {};
  const running = work({
    report: (step) => {
      so = { message: step.message ?? so.message ?? '', increment: (so.increment ?? 0) + (step.increment ?? 0) };
      shown?.report(step);
    },
  });
  const timer = setTimeout(() => {
    void window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort(new DismissedError()));
        shown = progress;
        progress.report(so);
        // Whoever waits for the work hears of its failure.
        await running.catch(() => undefined);
      },
    );
  }, slow);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}
