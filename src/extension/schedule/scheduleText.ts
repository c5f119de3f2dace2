import { l10n, MarkdownString } from 'vscode';
import { type ScheduleState, severityOf } from './scheduleState.ts';

/**
 * What a schedule does and what comes next, then its faults: a row cuts off the end, and its icon shows that there are
 * faults.
 */
export function scheduleText(state: ScheduleState): string {
  return [doesWhat(state), ...comesNext(state), ...faultsOf(state)].join(' · ');
}

function faultsOf({ failed, fault, unknown }: ScheduleState): string[] {
  const seconds = failed.map(({ second }) => second).join(', ');
  return [
    ...(failed.length > 0 ? [l10n.t('failed: second {0}', seconds)] : []),
    ...(fault === undefined ? [] : [l10n.t('its file has a fault')]),
    ...(unknown.length > 0 ? [l10n.t('no such Task: {0}', unknown.join(', '))] : []),
  ];
}

function doesWhat({ isRunning, second, optimizer }: ScheduleState): string {
  if (optimizer !== undefined) return l10n.t('not followed: the optimizer {0} decides', optimizer);
  return isRunning ? l10n.t('running') : l10n.t('paused at second {0}', second);
}

function comesNext({ inForce, next, nextAt, entries, optimizer }: ScheduleState): string[] {
  if (optimizer !== undefined) return [];
  const now = inForce === null ? [] : [l10n.t('second {0} in force', inForce)];
  if (entries === 0) return [l10n.t('no entries')];
  if (next === null) return [l10n.t('no entry left'), ...now];
  if (nextAt === undefined) return [l10n.t('next: second {0}', next), ...now];
  return [l10n.t('next at {0}: second {1}', timeOf(nextAt), next), ...now];
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toLocaleTimeString();

/** The end of the status bar item's text. */
export function scheduleStatus(state: ScheduleState): string {
  const severity = severityOf(state);
  if (state.optimizer !== undefined) return severity === 'none' ? '' : ` $(${severity}) ${l10n.t('schedule')}`;
  const icon = severity !== 'none' ? severity : state.isRunning ? 'calendar' : 'debug-pause';
  const next = state.nextAt === undefined ? '' : ` ${timeOf(state.nextAt)}`;
  const whole = severity === 'none' ? '' : ` ${l10n.t('schedule')}`;
  return ` $(${icon})${state.isRunning ? next || whole : ` ${l10n.t('schedule paused')}`}`;
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
  if (fault !== undefined) line('error', l10n.t('The entries before are in force, because of a fault: {0}', fault));
  if (unknown.length > 0)
    line('warning', l10n.t('These names are in it, and no Task has them: {0}', unknown.join(', ')));
  if (file !== null) line('file', file);
  return text;
}
