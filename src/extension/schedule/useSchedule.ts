import path from 'node:path';
import { ConfigurationTarget, l10n, type TextDocument, workspace } from 'vscode';
import { parseSchedule, toFile } from '../../shared/schedule.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';

/**
 * Lets the server follow a schedule from now on, from second 0. A server of this window follows the setting, one of
 * somebody else on this machine is told the file, and one elsewhere gets the entries.
 * @throws Error for a schedule with faults, or that is not saved
 */
export async function useSchedule({ server }: Services, document: TextDocument): Promise<void> {
  const file = document.uri.fsPath;
  const entries = parseSchedule(document.getText(), path.basename(file));
  if (document.isDirty && !(await document.save())) throw new Error(l10n.t('The schedule could not be saved.'));
  const { connection } = server;
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
  if (before === file || connection === undefined) await followSetting(server);
}

/** Lets a server of this window follow the schedule that the setting names now; starts it if it does not run. */
export async function followSetting(server: Services['server']): Promise<void> {
  const client = await server.client();
  if (server.connection?.origin === 'own') await client.updateSchedule({ file: scheduleFile() ?? null });
}
