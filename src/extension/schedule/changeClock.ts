import { l10n, window } from 'vscode';
import type { ScheduleUpdate, ScheduleView } from '../../shared/scheduleApi.ts';
import { announce } from '../announce.ts';
import { DismissedError } from '../errors.ts';
import { execute } from '../ownCommands.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { faultText, showFault } from './faultMessage.ts';
import { followedFile } from './scheduleFiles.ts';
import { scheduleStateOf } from './scheduleState.ts';
import { followSetting } from './useSchedule.ts';

/** The server's schedule. Without one, a message says what to do. @throws DismissedError */
export async function scheduleOf(services: Services): Promise<ScheduleView> {
  const { server } = services;
  const client = await server.client();
  const schedule = await client.schedule();
  const fault = scheduleStateOf(schedule, 0, new Set())?.fault;
  const explain = (message: string): void => {
    const shown = showFault(services, message, followedFile(services), 'fault');
    void shown.catch((error: unknown) => reportError(services, error));
  };
  if (schedule.entries.length > 0) {
    if (fault !== undefined) {
      const short = faultText(fault, schedule.file);
      explain(l10n.t('The schedule has a fault, so its version before is in force: {0}', short));
    }
    return schedule;
  }
  const named = scheduleFile();
  if (named !== undefined && named !== schedule.file && server.connection?.origin === 'own') {
    await followSetting(services);
    const now = await client.schedule();
    if (now.file === named) return now;
    throw new DismissedError();
  }
  if (fault !== undefined) {
    explain(l10n.t('The server follows no schedule: {0}', faultText(fault, schedule.file)));
    throw new DismissedError();
  }
  const open = l10n.t('Open Schedule');
  void window
    .showInformationMessage(l10n.t('The server follows no schedule.'), open)
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
