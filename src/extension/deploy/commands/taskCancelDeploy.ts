import { l10n } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { pickRow, rowsFor } from '../../setup/targets.ts';

/** Cancels a running deploy, whoever began it. Nothing is changed then. */
export const taskCancelDeploy: ExtensionCommand = async (services, argument) => {
  const client = await services.server.client();
  const running = services.model.taskRows.filter(({ operation }) => operation !== undefined);
  const [row = await pickRow(running, l10n.t('Cancel Deploy'), l10n.t('No deploy is running.'))] = rowsFor(
    services,
    argument,
  );
  if (row.operation !== undefined) await client.cancelOperation(row.operation);
};
