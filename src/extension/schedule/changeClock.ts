import { l10n, window } from 'vscode';
import type { ScheduleUpdate, ScheduleView } from '../../shared/scheduleApi.ts';
import { announce } from '../announce.ts';
import { DismissedError } from '../errors.ts';
import { execute } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { scheduleStateOf } from './scheduleState.ts';

/** The server's schedule. Without one, a message says what to do. @throws DismissedError */
export async function scheduleOf({ server }: Services): Promise<ScheduleView> {
  const schedule = await (await server.client()).schedule();
  if (schedule.entries.length > 0) {
    const fault = scheduleStateOf(schedule, 0, new Set())?.fault;
    if (fault !== undefined)
      void window.showWarningMessage(l10n.t('The schedule has a fault, so its version before is in force: {0}', fault));
    return schedule;
  }
  const named = scheduleFile();
  if (named !== undefined && named !== schedule.file && server.connection?.origin === 'own')
    return (await server.client()).updateSchedule({ file: named });
  const open = l10n.t('Open Schedule');
  const message =
    schedule.error === null
      ? l10n.t('The server follows no schedule.')
      : l10n.t('The server follows no schedule: {0}', schedule.error);
  void window
    .showInformationMessage(message, open)
    .then((picked) => picked === open && execute('fusionizer.schedule.open'));
  throw new DismissedError();
}

/** Starts, pauses or restarts the schedule's clock. */
export async function changeClock(services: Services, clock: NonNullable<ScheduleUpdate['clock']>): Promise<void> {
  await scheduleOf(services);
  const { clock: now, next } = await (await services.server.client()).updateSchedule({ clock });
  const seconds = Math.floor(now.seconds);
  announce(
    now.state === 'paused'
      ? l10n.t('The schedule is paused at second {0}', seconds)
      : next === null
        ? l10n.t('The schedule runs from second {0}; no entry is left', seconds)
        : l10n.t('The schedule runs from second {0}; the next entry is that of second {1}', seconds, next),
    5000,
  );
}
