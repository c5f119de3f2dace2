import { l10n, ProgressLocation, window } from 'vscode';
import type { ExtensionCommand } from '../services.ts';

export const serverRestart: ExtensionCommand = {
  id: 'fusionizer.server.restart',
  run: ({ server }) => window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Restarting the Fusionizer server') }, () => server.restart()),
};
