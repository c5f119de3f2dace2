import { type Progress, ProgressLocation, window } from 'vscode';
import { DismissedError } from '../errors.ts';

/** What a progress shows. `increment`: how much of 100 is done since the last step. */
export interface Step {
  readonly message?: string;
  readonly increment?: number;
}

/** Until there is a notification, in milliseconds: what is done sooner needs none, and VS Code drops messages that come fast after each other. */
const SLOW = 400;

/**
 * Shows work that takes its time as a notification with Cancel.
 * @param work its signal is aborted with a DismissedError
 */
export async function withSlowProgress<T>(title: string, work: (progress: Progress<Step>, signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let shown: Progress<Step> | undefined;
  let so: Step = {};
  const running = work(
    {
      report: (step) => {
        so = { message: step.message ?? so.message ?? '', increment: (so.increment ?? 0) + (step.increment ?? 0) };
        shown?.report(step);
      },
    },
    abort.signal,
  );
  const slow = setTimeout(() => {
    void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => abort.abort(new DismissedError()));
      shown = progress;
      progress.report(so);
      // Whoever waits for the work hears of its failure.
      await running.catch(() => undefined);
    });
  }, SLOW);
  try {
    return await running;
  } finally {
    clearTimeout(slow);
  }
}
