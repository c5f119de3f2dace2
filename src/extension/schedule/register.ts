import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { SCHEDULE_KEY } from '../setup/setupModel.ts';
import { ScheduleDiagnostics } from './scheduleDiagnostics.ts';

/** Marks schedules, and says once what is wrong with the one that the server follows. */
export function registerSchedule(services: Services): void {
  const { context, model, folders, log } = services;
  const warn = async (): Promise<void> => {
    const { warnOfSchedule } = await import('./scheduleWarnings.ts');
    warnOfSchedule(services);
  };
  const stop = model.onChange(({ keys }) => {
    if (!keys.has(SCHEDULE_KEY)) return;
    // Which Tasks the workspace has is known only when its folders are read.
    folders.ready().then(
      () => warn().catch((error: unknown) => log.error(messageOf(error))),
      () => undefined,
    );
  });
  context.subscriptions.push(new ScheduleDiagnostics(services), { dispose: stop });
}
