import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { ClientError } from '../../client/errors.ts';
import { cannotFuse } from '../../shared/errors.ts';
import type { Setup } from '../../shared/setupApi.ts';
import { DismissedError } from '../errors.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { withSlowProgress } from '../slowProgress.ts';
import { conflictOf, outcomeOfFuse, outcomeOfSplit } from './fusion.ts';
import { groupText, setupText } from './outcomeText.ts';
import type { SetupChange } from './setupHistory.ts';
import { deployedTasks } from './targets.ts';
import { serverOf, undoChange } from './undoChange.ts';

/** Milliseconds after which a change shows that it runs, with Cancel. */
const SLOW = 500;

/**
 * Makes one Fusion Group of these Tasks. All others stay where they are.
 * @throws FusionizerError `setup` that names two Tasks that cannot run in one function
 */
export async function fuse(services: Services, names: readonly string[]): Promise<void> {
  const tasks = deployedTasks(services);
  const conflict = conflictOf(tasks, names);
  if (conflict) {
    const [one, other] = conflict;
    cannotFuse(one, other, l10n.t('one is {0}, the other {1}. Nothing was changed.', one.runtime, other.runtime));
  }
  const outcome = outcomeOfFuse(tasks, names);
  if (outcome === undefined) {
    void window.showInformationMessage(
      names.length < 2
        ? l10n.t('Fusing needs two Nuclio Tasks: choose another one.')
        : l10n.t('{0} are one Fusion Group already.', groupText(names)),
    );
    return;
  }
  const { made, left } = outcome;
  const says =
    left.length === 0
      ? l10n.t('Made {0}', setupText(made))
      : l10n.t('Made {0}; left {1}', setupText(made), setupText(left));
  await change(services, l10n.t('Fusing {0}', setupText(made)), says, made);
}

/**
 * Takes Tasks out of their groups. A whole group is split after a question.
 * @param pieces Tasks, each as a list of one, and groups
 * @throws DismissedError
 */
export async function split(services: Services, pieces: readonly (readonly string[])[]): Promise<void> {
  const outcome = outcomeOfSplit(deployedTasks(services), pieces.flat());
  if (outcome === undefined) {
    void window.showInformationMessage(l10n.t('Not fused with another Nuclio Task: {0}', pieces.flat().join(', ')));
    return;
  }
  const names = outcome.made.flat();
  const left = outcome.left.length === 0 ? undefined : setupText(outcome.left);
  const groups = pieces.filter(({ length }) => length > 1);
  if (groups.length > 0) await confirmSplit(groups, names, left);
  const says =
    left === undefined
      ? l10n.t('Split {0}: each runs by itself', groupText(names))
      : l10n.t('Split out {0}; left {1}', names.join(', '), left);
  await change(services, l10n.t('Splitting {0}', names.join(', ')), says, outcome.made);
}

async function confirmSplit(groups: readonly (readonly string[])[], names: string[], left: string | undefined) {
  const splitGroup = l10n.t('Split Group');
  const result = l10n.t('Each of these Nuclio Tasks will run by itself: {0}', names.join(', '));
  const others = left === undefined ? '' : `\n${l10n.t('What is left: {0}', left)}`;
  const answer = await window.showWarningMessage(
    groups.length === 1
      ? l10n.t('Split the Fusion Group {0}?', groupText(groups[0] ?? []))
      : l10n.t('Split {0} Fusion Groups?', groups.length),
    { modal: true, detail: `${result}${others}\n${l10n.t('Calls between them will be remote calls.')}` },
    splitGroup,
  );
  if (answer !== splitGroup) throw new DismissedError();
}

async function change(services: Services, title: string, says: string, groups: Setup): Promise<void> {
  const connection = await services.server.start();
  const { client } = connection;
  const abort = new AbortController();
  const made = await withSlowProgress(title, SLOW, abort, async (): Promise<SetupChange> => {
    const { desired: before, waiting } = await client.setup();
    const options = { operation: randomUUID(), signal: abort.signal };
    const { desired: after } = await client.patchSetup(groups, options).catch(sayUnchanged);
    return { says, before, waiting, after, server: serverOf(connection) };
  });
  await services.setupHistory.add(made);
  void offerUndo(services, made).catch((error: unknown) => reportError(services, error));
}

/** Not awaited by the change: the message stays until the user answers it. */
async function offerUndo(services: Services, made: SetupChange): Promise<void> {
  const undo = l10n.t('Undo');
  if ((await window.showInformationMessage(`${made.says}.`, undo)) === undo) await undoChange(services, made);
}

/** Adds to a refusal that all Tasks serve as before. */
function sayUnchanged(error: unknown): never {
  if (!(error instanceof ClientError) || error.code === 'cancelled') throw error;
  const { code, status, message, file, line } = error;
  const detail = l10n.t('{0} The setup stays as it was.', message.replace(/[^.!?]$/, '$&.'));
  throw new ClientError({ code, status, detail, file, line }, { cause: error });
}
