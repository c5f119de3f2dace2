import { l10n, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { fuse } from '../changeSetup.ts';
import { pickRows, rowsFor } from '../targets.ts';

/** Fuses the selected Tasks; called on one, asks with which others. */
export const groupFuse: ExtensionCommand = async (services, argument, selected) => {
  await services.server.client();
  const deployed = services.model.taskRows.filter(({ task }) => task !== undefined);
  const chosen = rowsFor(services, argument, selected).filter(({ task }) => task !== undefined);
  const named = [...new Set(chosen.flatMap(({ task }) => task?.group ?? []))];
  if (chosen.length > 1 && named.length > 1 && new Set(chosen.map(({ task }) => task?.group.join())).size > 1)
    return fuse(services, named);
  const others = deployed.filter(({ name }) => !named.includes(name));
  const title = named.length > 0 ? l10n.t('Fuse {0} with', named.join(' + ')) : l10n.t('Fuse Tasks');
  const none =
    deployed.length < 2
      ? l10n.t('Fusing needs two deployed Tasks.')
      : l10n.t('All Tasks are in one Fusion Group already.');
  const picked = await pickRows(others, title, none);
  const names = [...new Set([...named, ...picked.flatMap(({ task }) => task?.group ?? [])])];
  if (picked.length === 0 || names.length < 2) {
    void window.showInformationMessage(l10n.t('Fusing needs two Tasks: choose another one.'));
    return;
  }
  await fuse(services, names);
};
