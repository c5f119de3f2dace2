import { l10n, workspace } from 'vscode';
import { deployAndTell } from '../deploy/deployAndTell.ts';
import { UntrustedError } from '../errors.ts';
import type { ExtensionCommand } from '../services.ts';
import { taskFolder } from './targets.ts';

/** Deploys again what was deployed last; before the first deploy it asks. */
export const taskRedeployLast: ExtensionCommand = {
  id: 'fusionizer.task.redeployLast',
  run: async (services) => {
    if (!workspace.isTrusted) throw new UntrustedError();
    return deployAndTell(services, services.deployer.last ?? (await taskFolder(services, undefined, l10n.t('Deploy Task'))));
  },
};
