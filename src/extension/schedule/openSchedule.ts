import { commands, type Uri } from 'vscode';
import { SCHEDULE_ENDING } from './scheduleFiles.ts';

/** Opens a file as a schedule, by the kind of editor that its name belongs to. */
export async function openBoard(file: Uri): Promise<void> {
  const type = file.path.endsWith(SCHEDULE_ENDING) ? 'fusionizer.schedule' : 'fusionizer.scheduleOfJson';
  await commands.executeCommand('vscode.openWith', file, type, { preview: false });
}
