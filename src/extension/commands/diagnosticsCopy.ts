import { env, l10n, window } from 'vscode';
import { diagnose } from '../diagnostics/diagnose.ts';
import { markdownOf } from '../diagnostics/report.ts';
import { TOKEN_SECRET } from '../server/connectAsSet.ts';
import type { ExtensionCommand } from '../services.ts';

/** Copies what a report of a fault should hold, as Markdown, without secrets. */
export const diagnosticsCopy: ExtensionCommand = {
  id: 'fusionizer.diagnostics.copy',
  run: async (services) => {
    const token = await services.context.secrets.get(TOKEN_SECRET);
    await env.clipboard.writeText(markdownOf(await diagnose(services), token === undefined ? [] : [token]));
    void window.showInformationMessage(l10n.t('Diagnostics are in the clipboard.'));
  },
};
