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
          'This window is disconnected from the server at {0}, which still runs, as another program started it.',
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
