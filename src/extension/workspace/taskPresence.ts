import { workspace } from 'vscode';
import { setContext } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { TASK_FILES, UNSEARCHED } from './taskFiles.ts';

/**
 * Follows whether the workspace or the server has Tasks, for menus and the status bar. At first it only asks for the
 * names of files, which costs little: the view reads them when it is opened.
 * @param changed gets the answer, also the first one
 */
export function registerTaskPresence({ context, model }: Services, changed: (present: boolean) => void): void {
  let found = false;
  let present: boolean | undefined;
  const update = (): void => {
    const now = found || model.taskRows.length > 0;
    if (now === present) return;
    present = now;
    void setContext('fusionizer.hasTasks', now);
    changed(now);
  };
  const search = async (): Promise<void> => {
    found = (await workspace.findFiles(TASK_FILES, UNSEARCHED, 1)).length > 0;
    update();
  };
  const searchQuietly = (): void => void search().then(undefined, () => update());
  const watcher = workspace.createFileSystemWatcher(TASK_FILES, false, true, false);
  context.subscriptions.push(
    watcher,
    watcher.onDidCreate(searchQuietly),
    watcher.onDidDelete(searchQuietly),
    workspace.onDidChangeWorkspaceFolders(searchQuietly),
    { dispose: model.onChange(update) },
  );
  searchQuietly();
}
