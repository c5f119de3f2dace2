import { env, l10n, window } from 'vscode';
import { ServerTokens } from '../server/serverTokens.ts';
import type { FeatureCommands } from '../services.ts';
import { textSetting } from '../settings.ts';
import { diagnose } from './diagnose.ts';
import { markdownOf } from './report.ts';

export const diagnosticsCommands = {
  /** Copies what a bug report should hold, as Markdown, without secrets. */
  'fusionizer.diagnostics.copy': async (services) => {
    const url = textSetting('server.url');
    const token = url && (await new ServerTokens(services.context.secrets).get(url));
    await env.clipboard.writeText(markdownOf(await diagnose(services), token ? [token] : []));
    void window.showInformationMessage(l10n.t('Diagnostics are in the clipboard.'));
  },
} satisfies FeatureCommands;
