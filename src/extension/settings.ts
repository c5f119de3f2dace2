import path from 'node:path';
import { type ConfigurationScope, workspace } from 'vscode';
import type { Settings } from './contributes.ts';

/** Settings that hold a text of the user's choice. */
type TextSetting = { [N in keyof Settings]: string extends Settings[N] ? N : never }[keyof Settings];

/** @param scope needed for settings that may differ by workspace folder */
export function setting<N extends keyof Settings>(name: N, scope?: ConfigurationScope): Settings[N] {
  const value = workspace.getConfiguration('fusionizer', scope).get<Settings[N]>(name);
  if (value === undefined) throw new Error(`The setting fusionizer.${name} is not declared`);
  return value;
}

/** @returns undefined for an empty text, which means that nothing is set */
export function textSetting(name: TextSetting): string | undefined {
  return setting(name).trim() || undefined;
}

/** The absolute path of the schedule that `fusionizer.schedule.file` names; undefined if it names none. */
export function scheduleFile(): string | undefined {
  const named = textSetting('schedule.file');
  const [folder] = workspace.workspaceFolders ?? [];
  return named && folder && path.resolve(folder.uri.fsPath, named);
}
