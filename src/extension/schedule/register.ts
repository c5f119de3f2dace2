import { window, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { SCHEDULE_KEY } from '../setup/setupModel.ts';
import { ScheduleDiagnostics } from './scheduleDiagnostics.ts';

/** Marks schedules, and says once what is wrong with the one that the server follows. */
export function registerSchedule(services: Services): void {
  const { context, model, folders, server, log } = services;
  const warn = async (): Promise<void> => {
    const { warnOfSchedule } = await import('./scheduleWarnings.ts');
    await warnOfSchedule(services);
  };
  const warnSoon = (): void => {
    // Which Tasks the workspace has is known only when its folders are read.
    folders.ready().then(
      () => warn().catch((error: unknown) => log.error(messageOf(error))),
      () => undefined,
    );
  };
  const stop = model.onChange(({ keys }) => keys.has(SCHEDULE_KEY) && warnSoon());
  /** A file that the setting names, and that had a fault when it did, is followed as soon as it is right. */
  const follow = async (file: string): Promise<void> => {
    if (file !== scheduleFile() || file === model.schedule?.file || server.connection?.origin !== 'own') return;
    const { followSetting } = await import('./useSchedule.ts');
    await followSetting(services);
  };
  context.subscriptions.push(
    new ScheduleDiagnostics(services),
    { dispose: stop },
    // A fault that an editor has shown is told when that editor is closed.
    window.tabGroups.onDidChangeTabs(() => model.scheduleState?.fault !== undefined && warnSoon()),
    workspace.onDidSaveTextDocument(({ uri }) => {
      follow(uri.fsPath).catch((error: unknown) => reportError(services, error));
    }),
  );
}
