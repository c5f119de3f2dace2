import { l10n, ProgressLocation, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';

export const serverStop: ExtensionCommand = async ({ server }) => {
  const { status } = server;
  if (status.kind === 'running' || status.kind === 'lost') {
    const { origin, address } = status.connection;
    if (origin !== 'own') {
      await server.stop();
      void window.showInformationMessage(
        l10n.t(
          'The server at {0} was not started by this window and goes on; this window is disconnected from it.',
          address,
        ),
      );
      return;
    }
  } else if (status.kind !== 'starting' && status.kind !== 'stopping') {
    void window.showInformationMessage(l10n.t('No server is running.'));
    return;
  }
  await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Stopping the Fusionizer server') },
    () => server.stop(),
  );
};
