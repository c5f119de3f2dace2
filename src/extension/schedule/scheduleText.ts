import { l10n, MarkdownString } from 'vscode';
import { type ScheduleState, severityOf } from './scheduleState.ts';

/**
 * What a schedule does and what comes next, then its faults in short: a row cuts off the end, its icon shows that there
 * are faults, and its tooltip has them whole.
 */
export function scheduleText(state: ScheduleState): string {
  return [doesWhat(state), ...comesNext(state), ...faultsOf(state), ...inForceOf(state)].join(' · ');
}

function faultsOf({ failed: [first, ...others], fault, unknown }: ScheduleState): string[] {
  return [
    ...(fault === undefined ? [] : [l10n.t('its file has a fault')]),
    ...(first === undefined
      ? []
      : [
          others.length === 0
            ? l10n.t('second {0} failed', first.second)
            : l10n.t('{0} entries failed', others.length + 1),
        ]),
    ...(unknown.length === 0
      ? []
      : [unknown.length === 1 ? l10n.t('1 unknown name') : l10n.t('{0} unknown names', unknown.length)]),
  ];
}

/** Nothing was read yet of a file that had a fault from the beginning. */
const isUnread = ({ entries, fault }: ScheduleState): boolean => entries === 0 && fault !== undefined;

function doesWhat(state: ScheduleState): string {
  const { isRunning, second, optimizer } = state;
  if (optimizer !== undefined) return l10n.t('not followed: the optimizer {0} decides', optimizer);
  if (isUnread(state)) return l10n.t('not followed');
  return isRunning ? l10n.t('running') : l10n.t('paused at second {0}', second);
}

function comesNext(state: ScheduleState): string[] {
  const { next, nextAt, entries, optimizer } = state;
  if (optimizer !== undefined || isUnread(state)) return [];
  if (entries === 0) return [l10n.t('no entries')];
  if (next === null) return [l10n.t('no entry left')];
  if (nextAt === undefined) return [l10n.t('next: second {0}', next)];
  return [l10n.t('next at {0}: second {1}', timeOf(nextAt), next)];
}

const inForceOf = ({ inForce, optimizer }: ScheduleState): string[] =>
  optimizer !== undefined || inForce === null ? [] : [l10n.t('second {0} in force', inForce)];

const timeOf = (milliseconds: number): string => new Date(milliseconds).toLocaleTimeString();

/** The end of the status bar item's text: the icon is for faults, the text for what it does. */
export function scheduleStatus(state: ScheduleState): string {
  const { isRunning, nextAt, optimizer } = state;
  const severity = severityOf(state);
  const isRight = severity === 'none';
  if (optimizer !== undefined) return isRight ? '' : ` $(${severity}) ${l10n.t('schedule not followed')}`;
  const icon = isRight ? (isRunning ? 'calendar' : 'debug-pause') : severity;
  if (isUnread(state)) return ` $(${icon}) ${l10n.t('schedule not followed')}`;
  if (!isRunning) return ` $(${icon}) ${l10n.t('schedule paused')}`;
  if (nextAt !== undefined) return ` $(${icon}) ${timeOf(nextAt)}`;
  return ` $(${icon})${isRight ? '' : ` ${l10n.t('schedule running')}`}`;
}

/** What it does, and all that is wrong with it. */
export function scheduleTooltip(state: ScheduleState): MarkdownString {
  const { failed, fault, unknown, file } = state;
  const text = new MarkdownString(`$(calendar) **${l10n.t('Schedule')}**: `, true).appendText(scheduleText(state));
  const line = (icon: string, says: string): void => {
    text.appendMarkdown(`\n\n$(${icon}) `).appendText(says);
  };
  for (const { second, reason } of failed)
    line('error', l10n.t('The entry of second {0} could not be applied: {1}', second, reason));
  if (fault !== undefined && isUnread(state))
    line('error', l10n.t('It is followed when its fault is mended: {0}', fault));
  else if (fault !== undefined)
    line('error', l10n.t('The entries before are in force, because of a fault: {0}', fault));
  if (unknown.length > 0)
    line('warning', l10n.t('These names are in it, and no Task has them: {0}', unknown.join(', ')));
  if (file !== null) line('file', file);
  return text;
}
