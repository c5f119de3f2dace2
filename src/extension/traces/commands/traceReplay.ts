import { l10n, window } from 'vscode';
import { formatDuration } from '../../../shared/format.ts';
import type { ReplayView } from '../../../shared/traceApi.ts';
import { reportError } from '../../reportError.ts';
import type { ExtensionCommand, Services } from '../../services.ts';
import { withSlowProgress } from '../../slowProgress.ts';
import { compareSides } from '../compareSides.ts';
import { invocationFor } from '../invocationFor.ts';
import { openTrace } from '../register.ts';
import { replayText } from '../replayText.ts';

/** Milliseconds until a notification with Cancel appears. */
const SLOW = 1000;

/** Sends a recorded request again, and says whether the answers are the same. */
export const traceReplay: ExtensionCommand = async (services, argument) => {
  const { callee, trace, span } = await invocationFor(services, argument, l10n.t('Replay'));
  const client = await services.server.client();
  const abort = new AbortController();
  const view = await withSlowProgress(l10n.t('Waiting for the answer of {0}', callee), SLOW, abort, async () => {
    try {
      return await client.replay(trace, { span }, { signal: abort.signal });
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error;
    }
  });
  services.invocations.keepAnswer(view.trace, view.after);
  // Not awaited: messages stay until the user answers them.
  void say(services, callee, view).catch((error: unknown) => reportError(services, error));
};

async function say(services: Services, task: string, view: ReplayView): Promise<void> {
  const compare = l10n.t('Compare');
  const open = l10n.t('Open Trace');
  const buttons = [...(view.before === null || view.same ? [] : [compare]), open];
  const chosen = await window.showInformationMessage(replayText(task, view), ...buttons);
  if (chosen === open) await openTrace(services, view.trace);
  if (chosen !== compare) return;
  const { before, after } = view.durations;
  const title = l10n.t('{0}: before {1}, replay {2}', task, formatDuration(before), formatDuration(after));
  await compareSides(services, { task, ...view.replayOf }, { task, trace: view.trace }, title);
}
