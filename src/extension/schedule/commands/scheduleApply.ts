import { l10n, window } from 'vscode';
import { messageOf } from '../../../shared/errors.ts';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { scheduleOf } from '../changeClock.ts';
import { failureKey } from '../scheduleState.ts';

/** Applies an entry of the schedule now, regardless of its second. */
export const scheduleApply: ExtensionCommand = async (services) => {
  const { entries, inForce, failed } = await scheduleOf(services);
  const why = new Map(failed.map(({ second, reason }) => [second, reason]));
  const items = entries.map(({ second, setup }) => ({
    second,
    label: l10n.t('second {0}', second),
    description:
      second === inForce
        ? l10n.t('in force')
        : why.has(second)
          ? l10n.t('$(error) failed: {0}', why.get(second) ?? '')
          : '',
    detail: setup.map((group) => group.join(' + ')).join(', ') || l10n.t('all Tasks by themselves'),
  }));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Apply Schedule Entry Now'),
    matchOnDetail: true,
  });
  if (picked === undefined) throw new DismissedError();
  const { second } = picked;
  const before = new Set(services.toldOfSchedule);
  try {
    await (await services.server.client()).updateSchedule({ apply: second });
  } catch (error) {
    const key = failureKey({ second, reason: messageOf(error) });
    // Its event came before the answer, and has said it already.
    if (services.toldOfSchedule.has(key) && !before.has(key)) throw new DismissedError();
    services.toldOfSchedule.add(key);
    throw error;
  }
};
