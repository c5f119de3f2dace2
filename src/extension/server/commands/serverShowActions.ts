import { l10n, window, workspace } from 'vscode';
import type { CommandId } from '../../contributes.ts';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { textSetting } from '../../settings.ts';
import { serverActions } from '../serverActions.ts';

/** Offers what can be done with the server, as a click on the status bar item asks for. */
export const serverShowActions: ExtensionCommand = async ({ server }) => {
  const { status } = server;
  const item = (icon: string, label: string, command: CommandId) => ({ label: `$(${icon}) ${label}`, command });
  const actions = serverActions(status, textSetting('server.url') !== undefined, workspace.isTrusted);
  const items = [
    ...actions.map(({ icon, label, command }) => item(icon, label, command)),
    item('settings-gear', l10n.t('Open Settings'), 'fusionizer.settings.open'),
  ];
  const address = 'connection' in status ? status.connection.address : undefined;
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Fusionizer Server'),
    placeHolder: address ?? l10n.t('not connected'),
  });
  if (picked === undefined) throw new DismissedError();
  await execute(picked.command);
};
