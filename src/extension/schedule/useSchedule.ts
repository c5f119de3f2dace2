import path from 'node:path';
import { ConfigurationTarget, l10n, type TextDocument, workspace } from 'vscode';
import { ClientError } from '../../client/errors.ts';
import { parseSchedule, toFile } from '../../shared/schedule.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { faultText, showFault } from './faultMessage.ts';

/** Codes of a schedule that is missing, or has faults. */
const OF_THE_FILE = ['option', 'malformed'];

/**
 * Lets the server follow a schedule from now on, from second 0. A server of this window follows the setting, one of
 * somebody else on this machine is told the file, and one elsewhere gets the entries.
 * @throws Error for a schedule with faults, or that is not saved
 */
export async function useSchedule(services: Services, document: TextDocument): Promise<void> {
  const file = document.uri.fsPath;
  const entries = parseSchedule(document.getText(), path.basename(file));
  if (document.isDirty && !(await document.save())) throw new Error(l10n.t('The schedule could not be saved.'));
  const { connection } = services.server;
  if (connection !== undefined && connection.origin !== 'own') {
    const { client } = connection;
    await client.updateSchedule(
      connection.origin === 'remote' ? { entries: toFile(entries), clock: 'restart' } : { file },
    );
    return;
  }
  const before = scheduleFile();
  const [folder] = workspace.workspaceFolders ?? [];
  const relative = folder === undefined ? file : path.relative(folder.uri.fsPath, file);
  const written = relative.startsWith('..') ? file : relative.split(path.sep).join('/');
  await workspace.getConfiguration('fusionizer').update('schedule.file', written, ConfigurationTarget.Workspace);
  // A change of the setting is followed by itself. Without one, the server is told to begin again.
  if (before === file || connection === undefined) await followSetting(services);
}

/**
 * Lets a server of this window follow the schedule that the setting names now; starts it if it does not run. A schedule
 * with faults is opened at the first one, or created if it is missing, when the user wishes.
 */
export async function followSetting(services: Services): Promise<void> {
  const { server } = services;
  const client = await server.client();
  if (server.connection?.origin !== 'own') return;
  const file = scheduleFile() ?? null;
  try {
    await client.updateSchedule({ file });
  } catch (error) {
    if (file === null || !(error instanceof ClientError && OF_THE_FILE.includes(error.code))) throw error;
    const message = l10n.t('The server does not follow this schedule: {0}', faultText(error.message, file));
    if (await showFault(services, message, file, 'fault')) await followSetting(services);
  }
}
