import { workspace } from 'vscode';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import type { SavedDeploys } from './savedDeploys.ts';

/** Deploys a Task when one of its files is saved, if `fusionizer.deploy.onSave` is on. */
export function registerDeployOnSave(services: Services): void {
  let deploys: SavedDeploys | undefined;
  const listener = workspace.onDidSaveTextDocument(async ({ uri }) => {
    if (uri.scheme !== 'file' || !workspace.isTrusted || !setting('deploy.onSave', uri)) return;
    // A deploy saves the files itself, which must not begin another deploy.
    if (services.deployer.saving) return;
    await services.folders.ready();
    const folder = services.folders.folderOf(uri.fsPath);
    if (folder === undefined) return;
    const { SavedDeploys } = await import('./savedDeploys.ts');
    deploys ??= new SavedDeploys(services);
    await deploys.deploy(folder.path);
  });
  services.context.subscriptions.push(listener);
}
