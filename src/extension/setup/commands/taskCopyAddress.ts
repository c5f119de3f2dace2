import { env, l10n, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { deployedTask } from '../targets.ts';

export const taskCopyAddress: ExtensionCommand = async (services, argument) => {
  const task = await deployedTask(services, argument, l10n.t('Copy Address'));
  const address = services.model.taskRow(task)?.task?.address ?? '';
  await env.clipboard.writeText(address);
  window.setStatusBarMessage(l10n.t('Copied {0}', address), 3000);
};
