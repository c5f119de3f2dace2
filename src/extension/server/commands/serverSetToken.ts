import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand } from '../../services.ts';
import { textSetting } from '../../settings.ts';
import { ServerTokens } from '../serverTokens.ts';

/** Keeps the token of a server elsewhere, and connects with it. */
export const serverSetToken: ExtensionCommand = async ({ context, server }) => {
  const url = textSetting('server.url');
  if (url === undefined) {
    const open = l10n.t('Open Settings');
    const message = l10n.t('Only a server elsewhere needs a token here, and fusionizer.server.url names none.');
    if ((await window.showInformationMessage(message, open)) === open) await execute('fusionizer.settings.open');
    return;
  }
  const token = await window.showInputBox({
    title: l10n.t('Token of the Fusionizer server'),
    prompt: l10n.t('For {0}. Empty forgets it.', url),
    password: true,
    ignoreFocusOut: true,
  });
  if (token === undefined) throw new DismissedError();
  await new ServerTokens(context.secrets).set(url, token.trim() || undefined);
  await server.restart();
};
