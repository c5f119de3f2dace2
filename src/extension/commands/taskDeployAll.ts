import { l10n, window } from 'vscode';
import { deployAll } from '../deploy/deployAndTell.ts';
import type { ExtensionCommand } from '../services.ts';

export const taskDeployAll: ExtensionCommand = {
  id: 'fusionizer.task.deployAll',
  run: async (services) => {
    const { folders, model, server } = services;
    await server.client();
    await folders.ready();
    if (model.folders.length === 0) {
      void window.showInformationMessage(l10n.t('There is no folder with function.yaml in this workspace.'));
      return;
    }
    await deployAll(
      services,
      model.folders.map(({ path }) => path),
    );
  },
};
