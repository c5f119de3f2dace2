import { l10n, ProgressLocation, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { textSetting } from '../../settings.ts';

/** Restarts a server of this window. Any other one keeps running, and this window connects to it again. */
export const serverRestart: ExtensionCommand = ({ server }) => {
  const { status } = server;
  const isElsewhere =
    'connection' in status ? status.connection.origin !== 'own' : textSetting('server.url') !== undefined;
  const title = isElsewhere
    ? l10n.t('Connecting to the Fusionizer server')
    : l10n.t('Restarting the Fusionizer server');
  return window.withProgress({ location: ProgressLocation.Window, title }, () => server.restart());
};
