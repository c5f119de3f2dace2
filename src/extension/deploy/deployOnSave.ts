import { type Disposable, workspace } from 'vscode';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { deployAndTell } from './deployAndTell.ts';

/**
 * Deploys a Task when one of its files is saved, where `fusionizer.deploy.onSave` says so. One deploy at a time for
 * each Task.
 */
export function deployOnSave(services: Services): Disposable {
  const running = new Map<string, Promise<unknown>>();
  const again = new Set<string>();
  const deploy = async (folder: string): Promise<void> => {
    if (running.has(folder)) {
      again.add(folder);
      return;
    }
    do {
      again.delete(folder);
      const run = deployAndTell(services, folder, { quiet: true }).catch(
        (error: unknown) => void reportError(services, error),
      );
      running.set(folder, run);
      await run;
    } while (again.has(folder));
    running.delete(folder);
  };
  return workspace.onDidSaveTextDocument(async ({ uri }) => {
    if (uri.scheme !== 'file' || !workspace.isTrusted || !setting('deploy.onSave', uri)) return;
    await services.folders.ready();
    const folder = services.folders.folderOf(uri.fsPath);
    // Its own saving, before a deploy, begins no other one.
    if (folder && !services.deployer.saving) await deploy(folder.path);
  });
}
