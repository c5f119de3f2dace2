import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { ifMissing } from '../../shared/ifMissing.ts';
import { readScheduleText } from '../../shared/readSchedule.ts';
import type { Services } from '../services.ts';
import { createSchedule } from './openSchedule.ts';
import { placeIn, type Subject } from './schedulePlace.ts';
import { rangeIn } from './scheduleProblems.ts';

/**
 * Says what is wrong with a schedule, with a button that opens it at its line, or creates one that is missing.
 * @param file undefined for one that is not on this machine
 * @param about what the message is about
 * @returns whether it was created
 */
export async function showFault(
  services: Services,
  message: string,
  file: string | undefined,
  about: Subject,
): Promise<boolean> {
  if (file === undefined) {
    await window.showWarningMessage(message);
    return false;
  }
  const isMissing = (await textOf(file)) === undefined;
  const button = isMissing ? l10n.t('Create Schedule') : l10n.t('Open Schedule');
  if ((await window.showWarningMessage(message, button)) !== button) return false;
  const text = await textOf(file);
  if (text === undefined) {
    await createSchedule(services, file);
    return true;
  }
  const { offset, length } = placeIn(text, about);
  const selection = rangeIn(text, offset, length);
  await window.showTextDocument(Uri.file(file), { preview: false, selection });
  return false;
}

/** A fault of a schedule's file in short: the first of several, with the file's name in place of its path. */
export function faultText(fault: string, file: string | null): string {
  const [first = '', ...others] = fault.split('\n');
  const short = file === null ? first : first.replaceAll(file, path.basename(file));
  return others.length === 0 ? short : l10n.t('{0} (and {1} more)', short, others.length);
}

/** @returns undefined for a file that does not exist */
const textOf = (file: string): Promise<string | undefined> => readScheduleText(file).catch(ifMissing(undefined));
