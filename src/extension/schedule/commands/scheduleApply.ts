import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { scheduleOf } from '../changeClock.ts';

/** Applies an entry of the schedule now, whatever its second. */
export const scheduleApply: ExtensionCommand = async (services) => {
  const { entries, inForce } = await scheduleOf(services);
  const items = entries.map(({ second, setup }) => ({
    second,
    label: l10n.t('second {0}', second),
    description: second === inForce ? l10n.t('in force') : '',
    detail: setup.map((group) => group.join(' + ')).join(', ') || l10n.t('all Tasks by themselves'),
  }));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Apply Schedule Entry Now'),
    matchOnDetail: true,
  });
  if (picked === undefined) throw new DismissedError();
  await (await services.server.client()).updateSchedule({ apply: picked.second });
};
