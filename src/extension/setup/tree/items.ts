import {
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from 'vscode';
import { formatDuration } from '../../../shared/format.ts';
import { contextOf, type RowState, type TaskRow } from '../rows.ts';

/** The icon and colour of each state. The description has its word. */
const ICONS: Record<RowState, ThemeIcon> = {
  'not-deployed': new ThemeIcon('circle-outline', new ThemeColor('disabledForeground')),
  deploying: new ThemeIcon('sync~spin', new ThemeColor('progressBar.background')),
  ready: new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')),
  busy: new ThemeIcon('watch', new ThemeColor('problemsWarningIcon.foreground')),
  'crash-loop': new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  unhealthy: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
};

/** The word for a Task's state, with the stage of its deploy. */
export function stateWord({ state, stage, folder }: Pick<TaskRow, 'state' | 'stage' | 'folder'>): string {
  switch (state) {
    case 'not-deployed':
      return l10n.t('not deployed');
    case 'deploying':
      return stage === undefined ? l10n.t('deploying') : l10n.t('deploying: {0}', stage);
    case 'busy':
      return l10n.t('busy');
    case 'crash-loop':
      return l10n.t('crash loop');
    case 'error':
      return folder?.problem === undefined ? l10n.t('deploy failed') : l10n.t('cannot be deployed');
    default:
      return state;
  }
}

export function taskItem(row: TaskRow): TreeItem {
  const { task, folder } = row;
  const item = new TreeItem(row.name, TreeItemCollapsibleState.None);
  item.id = row.key;
  item.iconPath = ICONS[row.state];
  const runtime = task?.runtime ?? folder?.runtime;
  const parts = [stateWord(row)];
  // Right behind the state, as a narrow view cuts off the end.
  if (row.ambiguous && folder) parts.push(l10n.t('name is used twice'), workspace.asRelativePath(folder.path));
  if (runtime !== undefined) parts.push(runtime);
  if (task) parts.push(l10n.t('version {0}', task.version));
  if (row.changed) parts.push(l10n.t('changed'));
  item.description = parts.join(' · ');
  item.contextValue = contextOf(row);
  item.accessibilityInformation = { label: `${row.name}, ${item.description}`, role: 'treeitem' };
  return item;
}

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
  if (row.ambiguous)
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
