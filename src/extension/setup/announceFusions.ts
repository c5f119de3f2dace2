import { type Disposable, l10n } from 'vscode';
import { announce } from '../announce.ts';
import { type Groups, groupsOf, newGroups } from './newGroups.ts';
import type { SetupModel } from './setupModel.ts';

/** Milliseconds for which an announcement can be read in the status bar. */
const SHOWN = 5000;
/** Milliseconds within which the events of one change of the setup come, one for each Task of a group. */
const SETTLED = 100;

/** Announces Tasks that were fused. A schedule changes the setup again and again, and nobody waits for that. */
export function announceFusions(model: SetupModel): Disposable {
  // Undefined until the server's state is known: what is there then is not news.
  let groups: Groups | undefined;
  let timer: NodeJS.Timeout | undefined;
  const announceNew = (): void => {
    const added = newGroups(groups ?? new Map(), model.rows);
    groups = groupsOf(model.rows);
    if (model.setup?.origin !== 'manual') return;
    for (const names of added) announce(l10n.t('{0} are fused.', names.join(', ')), SHOWN);
  };
  const stop = model.onChange(({ structure }) => {
    if (model.setup === undefined) {
      groups = undefined;
      clearTimeout(timer);
    } else if (groups === undefined) groups = groupsOf(model.rows);
    else if (structure) {
      clearTimeout(timer);
      timer = setTimeout(announceNew, SETTLED);
    }
  });
  return {
    dispose: () => {
      stop();
      clearTimeout(timer);
    },
  };
}
