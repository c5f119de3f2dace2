import path from 'node:path';
import { type LanguageModelTool, l10n, MarkdownString, Uri, workspace } from 'vscode';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { findConfig } from '../../task/yaml/findConfig.ts';
import { DeployFailure } from '../deploy/deployFailure.ts';
import { confirmReplace, type OtherFolder } from '../deploy/otherFolder.ts';
import { DismissedError, NoFolderError } from '../errors.ts';
import type { Services } from '../services.ts';
import { textSetting } from '../settings.ts';
import { signalOf, textResult } from './result.ts';

interface Input {
  /** A Task's name, or its folder. */
  readonly task: string;
  readonly force?: boolean;
}

export const deployTaskTool = (services: Services): LanguageModelTool<Input> => ({
  prepareInvocation: async ({ input: { task } }) => {
    const folder = await folderOf(services, task);
    const url = textSetting('server.url');
    const question =
      url === undefined
        ? l10n.t('Deploy this folder? Its code and its build commands run on this machine.')
        : l10n.t('Deploy this folder? Its code and its build commands run on the machine of the server at {0}.', url);
    const message = new MarkdownString(question).appendCodeblock(folder, 'text');
    return {
      invocationMessage: l10n.t('Deploying {0}', task),
      confirmationMessages: { title: l10n.t('Deploy Nuclio Task'), message },
    };
  },
  invoke: async ({ input: { task, force } }, token) => {
    let kept: OtherFolder | undefined;
    try {
      const deployed = await services.deployer.deploy(await folderOf(services, task), {
        force,
        // The user is asked in any case: a tool may be approved once for all.
        replace: async (other) => {
          if (await confirmReplace([other])) return true;
          kept = other;
          return false;
        },
        signal: signalOf(token),
      });
      const { name, version, address, group } = deployed.task;
      return textResult(
        JSON.stringify({
          deployed: name,
          version,
          unchanged: deployed.unchanged,
          address,
          group,
          warnings: deployed.operation.warnings,
        }),
      );
    } catch (error) {
      if (kept)
        return textResult(`${kept.name} was deployed from ${kept.from}, and the user keeps it. Nothing was changed.`);
      if (error instanceof DismissedError) return textResult('The user cancelled the deploy. Nothing was changed.');
      // The facts that an agent needs to correct the fault.
      if (error instanceof DeployFailure)
        return textResult(JSON.stringify({ failed: error.message, file: error.file, line: error.line }));
      throw error;
    }
  },
});

/** @throws Error with the existing names, so that an agent can try again */
async function folderOf({ folders, model }: Services, task: string): Promise<string> {
  await folders.ready();
  const [root] = workspace.workspaceFolders ?? [];
  if (root === undefined) throw new NoFolderError(l10n.t('Open a folder first: Nuclio Tasks are folders in it.'));
  const as = path.resolve(root.uri.fsPath, task);
  const found = model.folders.filter(({ name, path: folder }) => name === task || folder === as);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one.path;
  // An agent deploys what it has just written, which the search may not have noticed yet.
  if (one === undefined && (await isTaskFolder(as))) return as;
  const known = model.folders.map(({ name, path: folder }) => `${name} (${folder})`).join(', ') || 'none';
  throw new Error(
    found.length > 1
      ? `Several folders are called ${task}. Give the folder: ${known}`
      : `No Task folder is called ${task}. There are: ${known}`,
  );
}

async function isTaskFolder(folder: string): Promise<boolean> {
  if (workspace.getWorkspaceFolder(Uri.file(folder)) === undefined) return false;
  return findConfig(await listTopLevelFiles(folder).catch(() => [])) !== undefined;
}
