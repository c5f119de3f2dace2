import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationTarget, l10n, Uri, window, workspace } from 'vscode';
import { DismissedError, NoFolderError } from '../../errors.ts';
import type { ExtensionCommand, Services } from '../../services.ts';
import { scheduleFile } from '../../settings.ts';
import { createSchedule, openBoard } from '../openSchedule.ts';
import { NEW_SCHEDULE } from '../scheduleFiles.ts';
import { followSetting } from '../useSchedule.ts';

/** Opens the schedule's file, or offers to create one. Starts no server. */
export const scheduleOpen: ExtensionCommand = async (services) => {
  const followed = services.model.schedule?.file;
  const named = scheduleFile();
  for (const file of [named, followed ?? undefined]) {
    if (file !== undefined && (await stat(file).catch(() => undefined))?.isFile()) return open(file);
  }
  await make(services, named);
  return undefined;
};

const open = (file: string): Promise<void> => openBoard(Uri.file(file));

async function make(services: Services, named: string | undefined): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new NoFolderError();
  const file = named ?? path.join(folder.uri.fsPath, NEW_SCHEDULE);
  const create = l10n.t('Create');
  const question =
    named === undefined
      ? l10n.t('This workspace has no schedule. Create {0}?', NEW_SCHEDULE)
      : l10n.t('{0} does not exist. Create it?', named);
  if ((await window.showInformationMessage(question, create)) !== create) throw new DismissedError();
  await createSchedule(services, file);
  if (named === undefined)
    await workspace.getConfiguration('fusionizer').update('schedule.file', NEW_SCHEDULE, ConfigurationTarget.Workspace);
  // A change of the setting is followed by itself.
  if (named !== undefined && services.server.connection?.origin === 'own') await followSetting(services);
}
