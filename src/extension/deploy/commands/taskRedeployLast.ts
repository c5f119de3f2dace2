import { l10n, workspace } from 'vscode';
import { UntrustedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { taskFolder } from '../../setup/targets.ts';
import { deployAndNotify } from '../deployAndNotify.ts';

/** Deploys the last folder again; before the first deploy it asks for one. */
export const taskRedeployLast: ExtensionCommand = async (services) => {
  if (!workspace.isTrusted) throw new UntrustedError();
  return deployAndNotify(
    services,
    services.deployer.last ?? (await taskFolder(services, undefined, l10n.t('Deploy Nuclio Task'))),
  );
};
