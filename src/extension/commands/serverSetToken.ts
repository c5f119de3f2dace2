import { l10n, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import { TOKEN_SECRET } from '../server/connectAsSet.ts';
import type { ExtensionCommand } from '../services.ts';
import { textSetting } from '../settings.ts';

/** Keeps the token of a server elsewhere in the editor's secret storage. */
export const serverSetToken: ExtensionCommand = {
  id: 'fusionizer.server.setToken',
  run: async ({ context, server }) => {
    const token = await window.showInputBox({
      title: l10n.t('Token of the Fusionizer server'),
      prompt: textSetting('server.url') ?? l10n.t('It is used when fusionizer.server.url names a server. Empty forgets it.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (token === undefined) throw new DismissedError();
    if (token.trim() === '') await context.secrets.delete(TOKEN_SECRET);
    else await context.secrets.store(TOKEN_SECRET, token.trim());
    if (textSetting('server.url') !== undefined) await server.restart();
  },
};
