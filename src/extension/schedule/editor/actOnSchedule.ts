import { commands, l10n, type TextDocument } from 'vscode';
import type { ScheduleAction } from '../../../shared/views/scheduleView.ts';
import type { Services } from '../../services.ts';
import { changeClock } from '../changeClock.ts';
import { rangeIn } from '../scheduleProblems.ts';
import { useSchedule } from '../useSchedule.ts';

/** Does what a button of the board asks for. @throws what went wrong; the board shows it */
export async function actOnSchedule(
  services: Services,
  document: TextDocument,
  action: ScheduleAction,
): Promise<undefined> {
  switch (action.kind) {
    case 'apply':
      if (document.isDirty) throw new Error(l10n.t('Save the schedule first: the server applies what is saved.'));
      await (await services.server.client()).updateSchedule({ apply: action.second });
      return undefined;
    case 'pause':
    case 'run':
    case 'restart':
      await changeClock(services, action.kind);
      return undefined;
    case 'use':
      await useSchedule(services, document);
      return undefined;
    case 'openText': {
      const selection = action.offset === undefined ? undefined : rangeIn(document.getText(), action.offset, 0);
      await commands.executeCommand('vscode.openWith', document.uri, 'default', { selection });
      return undefined;
    }
  }
}
