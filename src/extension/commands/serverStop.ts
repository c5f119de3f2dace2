import { l10n, ProgressLocation, window } from 'vscode';
import type { ExtensionCommand } from '../services.ts';

export const serverStop: ExtensionCommand = {
  id: 'fusionizer.server.stop',
  run: async ({ server }) => {
    const { connection } = server;
    if (server.status.kind === 'stopped' || server.status.kind === 'failed') {
      void window.showInformationMessage(l10n.t('No server is running.'));
      return;
    }
    if (connection && connection.origin !== 'own') {
      await server.stop();
      void window.showInformationMessage(
        l10n.t('The server at {0} was not started by this window and goes on; this window is disconnected from it.', connection.address),
      );
      return;
    }
    await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Stopping the Fusionizer server') }, () => server.stop());
  },
};
