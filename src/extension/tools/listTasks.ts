import { type LanguageModelTool, l10n } from 'vscode';
import type { Services } from '../services.ts';
import { textResult } from './result.ts';
import { tasksText } from './texts.ts';

/** Looks only: a server that does not run is not started. */
export const listTasksTool = ({ folders, model, server }: Services): LanguageModelTool<object> => ({
  prepareInvocation: () => ({ invocationMessage: l10n.t('Listing Tasks') }),
  invoke: async () => {
    await folders.ready();
    const note =
      server.connection === undefined ? '\nNo server runs, so what is deployed is not known; a deploy starts it.' : '';
    return textResult(tasksText(model.taskRows) + note);
  },
});
