import { l10n, MarkdownString, Uri } from 'vscode';
import { formatDuration } from '../../../shared/format.ts';
import type { TaskRow } from '../rows.ts';
import { stateWord } from './items.ts';

/** Made when it is shown, as each row is sent to the window with all of its parts. */
export function taskTooltip(row: TaskRow): MarkdownString {
  const { task, folder, error } = row;
  const text = new MarkdownString(`**${row.name}**: ${stateWord(row)}\n\n`);
  text.supportThemeIcons = true;
  const line = (name: string, value: string): void => {
    text.appendMarkdown(`- ${name}: `).appendText(value).appendMarkdown('\n');
  };
  if (task) {
    line(l10n.t('Fusion Group'), task.group.length > 1 ? task.group.join(' + ') : l10n.t('by itself'));
    line(l10n.t('Address'), task.address);
    line(l10n.t('Handler'), `${task.handler} (${task.runtime})`);
    line(l10n.t('Last deploy'), l10n.t('version {0}, {1}', task.version, new Date(task.deployedAt).toLocaleString()));
    line(
      l10n.t('Calls'),
      task.p50 === null
        ? l10n.t('none yet')
        : l10n.t('{0}, median {1}, 95 % within {2}', task.calls, formatDuration(task.p50), formatDuration(task.p95)),
    );
  }
  if (folder) line(l10n.t('Folder'), folder.path);
  if (task?.source && task.source !== folder?.path) line(l10n.t('Deployed from'), task.source);
  if (row.changed) line(l10n.t('Files'), l10n.t('changed since the last deploy'));
  if (row.named > 1)
    text
      .appendMarkdown('\n$(warning) ')
      .appendMarkdown(
        l10n.t(
          'Another folder of this workspace has the same name: a deploy of one replaces the other, after a question.',
        ),
      )
      .appendMarkdown('\n');
  if (error) text.appendMarkdown(`\n$(error) ${l10n.t('Last error')}\n\n`).appendCodeblock(error, 'text');
  if (task?.crash)
    text
      .appendMarkdown(`\n$(warning) ${l10n.t('Its worker ends again and again')}: `)
      .appendText(task.crash.ended)
      .appendCodeblock(task.crash.output, 'text');
  if (task?.busySince) {
    const since = new Date(task.busySince).toLocaleTimeString();
    const events = l10n.t('Each of its workers has been busy with one event since {0}, so further events wait.', since);
    const advice = l10n.t(
      'If that never ends, deploy a version that answers, or the same one with *Deploy Anyway*. ' +
        '`spec.eventTimeout` limits the time of an event.',
    );
    text.appendMarkdown(`\n$(watch) ${events} ${advice}\n`);
  }
  for (const warning of task?.warnings ?? []) text.appendMarkdown('\n$(warning) ').appendText(warning);
  if (folder) text.baseUri = Uri.file(folder.path);
  return text;
}
