import { l10n } from 'vscode';
import { deployAndTell } from '../deploy/deployAndTell.ts';
import type { ExtensionCommand } from '../services.ts';
import { taskFolder } from './targets.ts';

/** Deploys again what was deployed last; before the first deploy it asks. */
export const taskRedeployLast: ExtensionCommand = {
  id: 'fusionizer.task.redeployLast',
  run: async (services) => deployAndTell(services, services.deployer.last ?? (await taskFolder(services, undefined, l10n.t('Deploy Task')))),
};
