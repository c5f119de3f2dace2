import { l10n } from 'vscode';
import type { ExtensionCommand } from '../services.ts';
import { deployedTask } from '../setup/targets.ts';

export const taskShowLogs: ExtensionCommand = {
  id: 'fusionizer.task.showLogs',
  run: async (services, argument) => {
    const task = await deployedTask(services, argument, l10n.t('Show Logs'));
    const channel = await services.taskLogs.open(task, await services.server.client());
    channel.show(true);
  },
};
