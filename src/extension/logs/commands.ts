import { l10n } from 'vscode';
import type { FeatureCommands } from '../services.ts';
import { deployedTask } from '../setup/targets.ts';

export const logCommands = {
  'fusionizer.task.showLogs': async (services, argument) => {
    const task = await deployedTask(services, argument, l10n.t('Show Logs'));
    const channel = await services.taskLogs.open(task, await services.server.client());
    channel.show(true);
  },
} satisfies FeatureCommands;
