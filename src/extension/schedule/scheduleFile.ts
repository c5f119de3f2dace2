import path from 'node:path';
import { workspace } from 'vscode';
import { textSetting } from '../settings.ts';

/** The schedule that `fusionizer.schedule.file` names; undefined where it names none. */
export function scheduleFile(): string | undefined {
  const named = textSetting('schedule.file');
  const [folder] = workspace.workspaceFolders ?? [];
  return named && folder && path.resolve(folder.uri.fsPath, named);
}
