import { type LanguageModelTool, l10n } from 'vscode';
import type { Services } from '../services.ts';
import { textResult } from './result.ts';
import { tasksForModel } from './texts.ts';

/** Starts no server. */
export const listTasksTool = ({ folders, model, server }: Services): LanguageModelTool<object> => ({
  prepareInvocation: () => ({ invocationMessage: l10n.t('Listing Nuclio Tasks') }),
  invoke: async () => {
    await folders.ready();
    const note =
      server.connection === undefined
        ? '\nNo server runs, so it is not known which Tasks are deployed. A deploy starts the server.'
        : '';
    return textResult(tasksForModel(model.taskRows) + note);
  },
});
