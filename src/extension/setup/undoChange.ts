import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { ClientError } from '../../client/errors.ts';
import type { SetupView } from '../../shared/api.ts';
import { DismissedError } from '../errors.ts';
import type { Connection } from '../server/connect.ts';
import type { Services } from '../services.ts';
import { fusedText } from './outcomeText.ts';
import type { SetupChange } from './setupHistory.ts';
import { deployedTasks } from './targets.ts';
import { type Undo, undoOf } from './undoOf.ts';

/** What stays the same when the server starts again, at another port as well. */
export const serverOf = ({ servedBy, address }: Connection): string => servedBy?.state ?? address;

/** Undoes the last change of the setup that this window made, and then the one before. */
export async function undoLast(services: Services): Promise<void> {
  const change = await services.setupHistory.last(serverOf(await services.server.start()));
  if (change) return undoChange(services, change);
  void window.showInformationMessage(
    l10n.t('There is nothing to undo: no change of the Fusion Setup by this window is left.'),
  );
}

/**
 * Brings back the groups that a change took away. If the setup was changed since, it asks first.
 * @throws DismissedError
 */
export async function undoChange(services: Services, change: SetupChange): Promise<void> {
  const { client } = await services.server.start();
  const { setupHistory } = services;
  const now = await client.setup();
  const names = deployedTasks(services).map(({ name }) => name);
  const undo = undoOf(change, now.desired, names);
  if (undo.groups.length === 0) {
    await setupHistory.remove(change);
    void window.showInformationMessage(l10n.t('The Fusion Setup is already as it was before: {0}', change.says));
    return;
  }
  if (undo.isOutdated) await confirm(services, change, undo, now);
  try {
    await client.patchSetup(undo.groups, { operation: randomUUID(), ifRevision: now.revision });
  } catch (error) {
    // Changed since it was read: what the user has confirmed may not be true any more.
    if (error instanceof ClientError && error.code === 'revision') return undoChange(services, change);
    throw error;
  }
  await setupHistory.remove(change);
  void window.showInformationMessage(l10n.t('Undone: {0}.', change.says));
}

async function confirm(services: Services, change: SetupChange, { result }: Undo, now: SetupView): Promise<void> {
  const undo = l10n.t('Undo');
  const isLast = (await services.setupHistory.last(change.server)) === change;
  const lines = [
    l10n.t('To undo: {0}', change.says),
    l10n.t('Changed since by: {0}', isLast ? changedBy(services, now) : l10n.t('this window')),
    l10n.t('Now: {0}', fusedText(now.desired)),
    l10n.t('After Undo: {0}', fusedText(result)),
  ];
  const answer = await window.showWarningMessage(
    l10n.t('The Fusion Setup has changed since. Undo all the same?'),
    { modal: true, detail: lines.join('\n') },
    undo,
  );
  if (answer !== undo) throw new DismissedError();
}

function changedBy({ model }: Services, { origin }: SetupView): string {
  if (origin === 'manual') return l10n.t('another window, the command line, or a deletion');
  const name = model.schedule?.optimizer.name ?? 'static';
  return name === 'static' ? l10n.t('the schedule') : l10n.t('the optimizer {0}', name);
}
