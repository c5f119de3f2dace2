import { l10n, workspace } from 'vscode';
import { deployAndTell } from '../deploy/deployAndTell.ts';
import { UntrustedError } from '../errors.ts';
import type { ExtensionCommand } from '../services.ts';
import { rowsFor, taskFolder } from './targets.ts';

export const taskDeploy: ExtensionCommand = {
  id: 'fusionizer.task.deploy',
  run: async (services, argument, selected) => {
    if (!workspace.isTrusted) throw new UntrustedError();
    const rows = rowsFor(services, argument, selected).flatMap(({ folder }) => folder ?? []);
    if (rows.length > 1) return Promise.all(rows.map(({ path }) => deployAndTell(services, path)));
    return deployAndTell(services, await taskFolder(services, argument, l10n.t('Deploy Task')));
  },
};
