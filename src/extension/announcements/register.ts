import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { formatDuration } from '../../shared/format.ts';
import type { Answer } from '../invoke/answer.ts';
import type { Services } from '../services.ts';
import { type Groups, groupsOf, newGroups } from './newGroups.ts';

/** Milliseconds for which an announcement can be read in the status bar. */
const SHOWN = 5000;
/** Milliseconds within which the events of one change of the setup come, one for each Task of a group. */
const SETTLED = 100;

/** Announces what the user waits for to screen readers: answers, and Tasks that are fused. The focus stays. */
export function registerAnnouncements({ context, answers, model }: Services): void {
  const announcer = new Announcer();
  let last: string | undefined;
  const announceAnswer = (): void => {
    const answer = answers.of(answers.tasks.at(-1) ?? '')?.current;
    if (answer === undefined || answer.trace === last) return;
    last = answer.trace;
    announcer.say(answerWords(answer));
  };
  // Undefined until the server's state is known: what is there then is not news.
  let groups: Groups | undefined;
  let timer: NodeJS.Timeout | undefined;
  const announceGroups = (): void => {
    const added = newGroups(groups ?? new Map(), model.rows);
    groups = groupsOf(model.rows);
    // A schedule changes the setup again and again, and nobody waits for that.
    if (model.setup?.origin !== 'manual') return;
    for (const names of added) announcer.say(l10n.t('{0} are fused.', names.join(', ')));
  };
  const stop = model.onChange(({ structure }) => {
    if (model.setup === undefined) {
      groups = undefined;
      clearTimeout(timer);
    } else if (groups === undefined) groups = groupsOf(model.rows);
    else if (structure) {
      clearTimeout(timer);
      timer = setTimeout(announceGroups, SETTLED);
    }
  });
  context.subscriptions.push(announcer, answers.onDidUpdate(announceAnswer), {
    dispose: () => {
      stop();
      clearTimeout(timer);
    },
  });
}

const answerWords = ({ task, status, statusText, duration }: Answer): string =>
  l10n.t('{0} answers {1} after {2}.', task, `${status} ${statusText}`.trim(), formatDuration(duration));

/** A new element with the role of an alert is read out at once. The extension API has no other way. */
class Announcer implements Disposable {
  #item: StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  say(text: string): void {
    this.dispose();
    this.#item = window.createStatusBarItem('fusionizer.announcement', StatusBarAlignment.Left, 9);
    this.#item.name = l10n.t('Fusionizer Announcements');
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: text, role: 'alert' };
    this.#item.show();
    this.#timer = setTimeout(() => this.dispose(), SHOWN);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#item?.dispose();
    this.#item = undefined;
  }
}
