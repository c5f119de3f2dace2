import { workspace } from 'vscode';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { deployAndNotify } from './deployAndNotify.ts';

/**
 * Deploys a Task when one of its files is saved, where `fusionizer.deploy.onSave` says so. One deploy at a time for
 * each Task.
 */
export function registerDeployOnSave(services: Services): void {
  const running = new Map<string, Promise<unknown>>();
  const again = new Set<string>();
  const deploy = async (folder: string): Promise<void> => {
    if (running.has(folder)) {
      again.add(folder);
      return;
    }
    do {
      again.delete(folder);
      const run = deployAndNotify(services, folder, { quiet: true }).catch(
        (error: unknown) => void reportError(services, error),
      );
      running.set(folder, run);
      await run;
    } while (again.has(folder));
    running.delete(folder);
  };
  const listener = workspace.onDidSaveTextDocument(async ({ uri }) => {
    if (uri.scheme !== 'file' || !workspace.isTrusted || !setting('deploy.onSave', uri)) return;
    await services.folders.ready();
    const folder = services.folders.folderOf(uri.fsPath);
    // A deploy saves the files itself, which must not begin another deploy.
    if (folder && !services.deployer.saving) await deploy(folder.path);
  });
  services.context.subscriptions.push(listener);
}
