import { stat } from 'node:fs/promises';
import { type WorkspaceFolder, workspace } from 'vscode';
import { payloadFolder } from '../../client/payload/payloadFile.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import type { TestExplorer } from './testExplorer.ts';

/** Payloads and expected answers. */
const FILES = '**/.fusionizer/payloads/*/*';

let loaded: Promise<TestExplorer> | undefined;

/**
 * Payloads with an expected answer in the Test Explorer. VS Code shows that view where an extension has tests, so there
 * is nothing of it until there is a folder with payloads.
 */
export function registerTests(services: Services): void {
  const { subscriptions } = services.context;
  const changed = (): void => {
    refreshTests(services).catch((error: unknown) => reportError(services, error));
  };
  const watcher = workspace.createFileSystemWatcher(FILES, false, true, false);
  subscriptions.push(watcher, watcher.onDidCreate(changed), watcher.onDidDelete(changed));
  const look = ({ uri }: WorkspaceFolder): void => {
    // The folder of all payloads holds that of a Task.
    stat(payloadFolder(uri.fsPath, '.')).then(changed, () => undefined);
  };
  for (const folder of workspace.workspaceFolders ?? []) look(folder);
  subscriptions.push(workspace.onDidChangeWorkspaceFolders(changed));
}

/**
 * Reads the tests again. Whoever writes one says so: the editor's watcher may miss the first file of a folder that was
 * made just before.
 */
export async function refreshTests(services: Services): Promise<void> {
  loaded ??= import('./testExplorer.ts').then(({ TestExplorer }) => {
    const made = new TestExplorer(services);
    services.context.subscriptions.push(made);
    return made;
  });
  await (await loaded).refresh();
}
