import { stat } from 'node:fs/promises';
import { l10n, window } from 'vscode';
import { ifMissing } from '../../shared/ifMissing.ts';
import { uriOf } from '../invoke/tabs.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { faultText, showFault } from './faultMessage.ts';
import { followedFile } from './scheduleFiles.ts';
import type { Subject } from './schedulePlace.ts';
import { failureKey } from './scheduleState.ts';

const FAULT = 'fault ';

/** Says what is wrong with the schedule that the server follows, each fault once. */
export async function warnOfSchedule(services: Services): Promise<void> {
  const { model, log, toldOfSchedule: told } = services;
  const isMarked = await isInSight(followedFile(services));
  const state = model.scheduleState;
  if (state === undefined) return;
  const { failed, unknown, fault, file } = state;
  const here = followedFile(services);
  const tell = (key: string, message: string, about: Subject): void => {
    if (told.has(key)) return;
    told.add(key);
    log.warn(message);
    void showFault(services, message, here, about).catch((error: unknown) => reportError(services, error));
  };
  if (fault === undefined) {
    // One that comes back after the file was right is a new one.
    for (const key of told) if (key.startsWith(FAULT)) told.delete(key);
  } else if (!isMarked) tell(FAULT + fault, l10n.t('The schedule has a fault: {0}', faultText(fault, file)), 'fault');
  for (const failure of failed) {
    const { second, reason } = failure;
    const message = l10n.t("The schedule's entry of second {0} could not be applied: {1}", second, reason);
    tell(failureKey(failure), message, { second });
  }
  for (const name of unknown) {
    const message = l10n.t('The schedule names {0}, and no Task has that name: it waits for one.', name);
    tell(`unknown ${name}`, message, { name });
  }
}

/**
 * Whether an editor shows the file, and with it the marks: a message for each step of typing would be too much. The
 * editor of a file that was removed has none.
 */
async function isInSight(file: string | undefined): Promise<boolean> {
  if (file === undefined || !window.tabGroups.all.some(({ activeTab }) => uriOf(activeTab)?.fsPath === file))
    return false;
  return (await stat(file).catch(ifMissing(undefined))) !== undefined;
}
