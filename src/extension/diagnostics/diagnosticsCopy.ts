import { env, l10n, window } from 'vscode';
import { ServerTokens } from '../server/serverTokens.ts';
import type { ExtensionCommand } from '../services.ts';
import { textSetting } from '../settings.ts';
import { diagnose } from './diagnose.ts';
import { markdownOf } from './report.ts';

/** Copies what a report of a fault should hold, as Markdown, without secrets. */
export const diagnosticsCopy: ExtensionCommand = {
  id: 'fusionizer.diagnostics.copy',
  run: async (services) => {
    const url = textSetting('server.url');
    const token = url && (await new ServerTokens(services.context.secrets).get(url));
    await env.clipboard.writeText(markdownOf(await diagnose(services), token ? [token] : []));
    void window.showInformationMessage(l10n.t('Diagnostics are in the clipboard.'));
  },
};
