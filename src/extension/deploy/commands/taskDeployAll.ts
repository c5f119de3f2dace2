import { l10n, window, workspace } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import type { TaskFolder } from '../../setup/rows.ts';
import { deployAll } from '../deployAndNotify.ts';

export const taskDeployAll: ExtensionCommand = async (services) => {
  const { folders, model, server } = services;
  await server.client();
  await folders.ready();
  if (model.folders.length === 0) {
    void window.showInformationMessage(l10n.t('There is no folder with function.yaml in this workspace.'));
    return;
  }
  // Of two folders with one name, the second would replace the first.
  const names = new Map<string, TaskFolder[]>();
  for (const folder of model.folders) names.set(folder.name, [...(names.get(folder.name) ?? []), folder]);
  for (const [name, same] of names) {
    if (same.length === 1) continue;
    const paths = same.map(({ path }) => workspace.asRelativePath(path)).join(', ');
    void window.showWarningMessage(
      l10n.t(
        'Several Nuclio Task folders are called {0} and were left out: {1}. ' +
          'Deploy the one you mean, or rename the others.',
        name,
        paths,
      ),
    );
  }
  const chosen = [...names.values()].flatMap((same) => (same.length === 1 ? same : []));
  await services.deployer.confirmAll(chosen);
  await deployAll(
    services,
    chosen.map(({ path }) => path),
  );
};
