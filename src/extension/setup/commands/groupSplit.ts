import { l10n } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { split } from '../changeSetup.ts';
import { pickRow, rowsFor } from '../targets.ts';

/** Takes Tasks out of their Fusion Group; called on a group, all of its Tasks. */
export const groupSplit: ExtensionCommand = async (services, argument, selected) => {
  await services.server.client();
  const fused = services.model.taskRows.filter(({ task }) => (task?.group.length ?? 0) > 1);
  const chosen = rowsFor(services, argument, selected).filter((row) => fused.includes(row));
  const rows =
    chosen.length > 0
      ? chosen
      : [await pickRow(fused, l10n.t('Split Task Out of Its Group'), l10n.t('No Tasks are fused.'))];
  await split(
    services,
    rows.map(({ name }) => name),
  );
};
