import { readFile } from 'node:fs/promises';
import { l10n, Uri, window } from 'vscode';
import { execute } from '../ownCommands.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { followedFile } from './scheduleFiles.ts';
import { failureKey } from './scheduleState.ts';

/** Says what is wrong with the schedule that the server follows, each fault once. */
export function warnOfSchedule(services: Services): void {
  const { model, log, toldOfSchedule: told } = services;
  const tell = (key: string, message: string, second?: number): void => {
    if (told.has(key)) return;
    told.add(key);
    log.warn(message);
    void warn(services, message, second).catch((error: unknown) => reportError(services, error));
  };
  const { failed = [], unknown = [], fault } = model.scheduleState ?? {};
  if (fault !== undefined) tell(`fault ${fault}`, l10n.t('The schedule has a fault: {0}', fault));
  for (const failure of failed) {
    const { second, reason } = failure;
    const message = l10n.t("The schedule's entry of second {0} could not be applied: {1}", second, reason);
    tell(failureKey(failure), message, second);
  }
  for (const name of unknown)
    tell(`unknown ${name}`, l10n.t('The schedule names {0}, and no Task has that name: it waits for one.', name));
}

async function warn(services: Services, message: string, second: number | undefined): Promise<void> {
  const open = l10n.t('Open Schedule');
  const file = followedFile(services);
  if ((await window.showWarningMessage(message, ...(file === undefined ? [] : [open]))) !== open) return;
  if (second === undefined || file === undefined) await execute('fusionizer.schedule.open');
  else await openEntry(file, second);
}

async function openEntry(file: string, second: number): Promise<void> {
  const { schedulePlaces } = await import('../../shared/jsonPlaces.ts');
  const { rangeIn } = await import('./scheduleProblems.ts');
  const text = await readFile(file, 'utf8');
  const entry = schedulePlaces(text).find(({ path, isKey }) => isKey && path[0] === String(second));
  const selection = rangeIn(text, entry?.offset ?? 0, entry?.length ?? 0);
  await window.showTextDocument(Uri.file(file), { preview: false, selection });
}
