import { type Progress, ProgressLocation, window } from 'vscode';
import { DismissedError } from './errors.ts';

/** One step of a progress. `increment`: the part of 100 that is done since the last step. */
export interface Step {
  readonly message?: string;
  readonly increment?: number;
}

/**
 * Shows slow work as a notification with Cancel. Quick work gets none, as VS Code drops messages that follow each other
 * fast.
 * @param slow milliseconds until the notification
 * @param abort Cancel aborts it with a DismissedError
 */
export async function withSlowProgress<T>(
  title: string,
  slow: number,
  abort: AbortController,
  work: (progress: Progress<Step>) => Promise<T>,
): Promise<T> {
  let shown: Progress<Step> | undefined;
  let latest: Step = {};
  const running = work({
    report: (step) => {
      latest = {
        message: step.message ?? latest.message ?? '',
        increment: (latest.increment ?? 0) + (step.increment ?? 0),
      };
      shown?.report(step);
    },
  });
  const timer = setTimeout(() => {
    void window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort(new DismissedError()));
        shown = progress;
        progress.report(latest);
        // The caller awaits the work and gets its failure.
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
