import { l10n, workspace } from 'vscode';
import { UntrustedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { rowsFor, taskFolder } from '../../setup/targets.ts';
import { confirmConfig } from '../confirmConfig.ts';
import { deployAll, deployAndNotify } from '../deployAndNotify.ts';

export const taskDeploy: ExtensionCommand = async (services, argument, selected) => {
  if (!workspace.isTrusted) throw new UntrustedError();
  const rows = rowsFor(services, argument, selected).flatMap(({ folder }) => folder ?? []);
  if (rows.length > 1) {
    await services.deployer.confirmAll(rows);
    return deployAll(
      services,
      rows.map(({ path }) => path),
    );
  }
  const folder = await taskFolder(services, argument, l10n.t('Deploy Nuclio Task'));
  await confirmConfig(services.context.workspaceState, folder);
  return deployAndNotify(services, folder);
};
