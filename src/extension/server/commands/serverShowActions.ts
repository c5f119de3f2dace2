import { commands, l10n, type QuickPickItem, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { textSetting } from '../../settings.ts';
import { serverActions } from '../serverActions.ts';

/** What a click on the status bar item offers. */
export const serverShowActions: ExtensionCommand = async ({ server }) => {
  const { status } = server;
  const items: (QuickPickItem & { command: string })[] = [
    ...serverActions(status, textSetting('server.url') !== undefined),
    { icon: 'settings-gear', label: l10n.t('Open Settings'), command: 'fusionizer.settings.open' },
  ].map(({ icon, label, command }) => ({ label: `$(${icon}) ${label}`, command }));
  const address = 'connection' in status ? status.connection.address : undefined;
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Fusionizer Server'),
    placeHolder: address ?? l10n.t('not connected'),
  });
  if (picked === undefined) throw new DismissedError();
  await commands.executeCommand(picked.command);
};
