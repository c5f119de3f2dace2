import { l10n, ProgressLocation, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { textSetting } from '../../settings.ts';

/** Starts a server of this window again; to any other one, which goes on, this window connects anew. */
export const serverRestart: ExtensionCommand = ({ server }) => {
  const { status } = server;
  const isElsewhere =
    'connection' in status ? status.connection.origin !== 'own' : textSetting('server.url') !== undefined;
  const title = isElsewhere
    ? l10n.t('Connecting to the Fusionizer server')
    : l10n.t('Restarting the Fusionizer server');
  return window.withProgress({ location: ProgressLocation.Window, title }, () => server.restart());
};
