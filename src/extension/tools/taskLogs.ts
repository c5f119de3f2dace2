import { type LanguageModelTool, l10n } from 'vscode';
import type { LogLevel } from '../../shared/api.ts';
import type { Services } from '../services.ts';
import { textResult } from './result.ts';
import { logsForModel } from './texts.ts';

interface Input {
  readonly task: string;
  readonly level?: LogLevel;
}

export const taskLogsTool = ({ server }: Services): LanguageModelTool<Input> => ({
  prepareInvocation: ({ input: { task } }) => ({ invocationMessage: l10n.t('Reading the logs of {0}', task) }),
  invoke: async ({ input: { task, level } }) => {
    const client = server.connection?.client;
    if (client === undefined) throw new Error('No Fusionizer server runs: deploy the Task first.');
    return textResult(logsForModel(await client.logs(task, { level })));
  },
});
