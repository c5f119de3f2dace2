import { l10n, window, workspace } from 'vscode';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { deployAndNotify } from './deployAndNotify.ts';
import { type OtherFolder, replaceQuestion } from './otherFolder.ts';

/** Milliseconds that the status bar shows a message for. */
const SHOWN = 5000;

/**
 * Deploys a Task when one of its files is saved, if `fusionizer.deploy.onSave` is on. Each Task has one deploy at a
 * time.
 */
export function registerDeployOnSave(services: Services): void {
  const report = (error: unknown): void => void reportError(services, error);
  const running = new Map<string, Promise<unknown>>();
  const again = new Set<string>();
  /** Questions that are open, or were answered with *Cancel*: they are not asked again in this window. */
  const asked = new Set<string>();
  const offerReplace = async (other: OtherFolder): Promise<void> => {
    const question = replaceQuestion(other);
    if (asked.has(question)) {
      window.setStatusBarMessage(l10n.t('{0} is not deployed: another folder has its name.', other.name), SHOWN);
      return;
    }
    asked.add(question);
    const replace = l10n.t('Replace');
    // No dialog: a save is no request to answer questions, and the text keeps the focus.
    if ((await window.showWarningMessage(question, replace, l10n.t('Cancel'))) !== replace) return;
    asked.delete(question);
    await deployAndNotify(services, other.folder, { quiet: true, replace: () => true });
  };
  const deploy = async (folder: string): Promise<void> => {
    if (running.has(folder)) {
      again.add(folder);
      return;
    }
    do {
      again.delete(folder);
      const run = deployAndNotify(services, folder, {
        quiet: true,
        replace: (other) => {
          void offerReplace(other).catch(report);
          return false;
        },
      }).catch(report);
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
