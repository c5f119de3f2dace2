import { commands, l10n, type QuickPickItem, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import type { ExtensionCommand } from '../services.ts';

/** What a click on the status bar item offers. */
export const serverShowActions: ExtensionCommand = {
  id: 'fusionizer.server.showActions',
  run: async ({ server }) => {
    const action = (icon: string, label: string, command: string): QuickPickItem & { command: string } => ({ label: `$(${icon}) ${label}`, command });
    const running = server.connection !== undefined;
    const picked = await window.showQuickPick(
      [
        ...(running
          ? [
              action('debug-stop', l10n.t('Stop Server'), 'fusionizer.server.stop'),
              action('debug-restart', l10n.t('Restart Server'), 'fusionizer.server.restart'),
              action('globe', l10n.t('Open API Page'), 'fusionizer.server.openApiPage'),
            ]
          : [action('play', l10n.t('Start Server'), 'fusionizer.server.start')]),
        action('output', l10n.t('Show Server Log'), 'fusionizer.server.showLog'),
        action('settings-gear', l10n.t('Open Settings'), 'fusionizer.settings.open'),
      ],
      { title: l10n.t('Fusionizer Server'), placeHolder: server.connection?.address ?? l10n.t('not running') },
    );
    if (picked === undefined) throw new DismissedError();
    await commands.executeCommand(picked.command);
  },
};
