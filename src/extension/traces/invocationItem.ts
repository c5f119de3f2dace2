import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem } from 'vscode';
import { formatDuration } from '../../shared/format.ts';
import { answerWords, countWords, isFailure } from '../../shared/recordWords.ts';
import type { OwnCommand } from '../ownCommands.ts';
import { contextOf, type InvocationNode, type InvocationRow } from './invocationNode.ts';
import { invocationDescription, invocationLabel, spokenInvocation } from './invocationText.ts';

const PASSED = new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
const FAILED = new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground'));

/** What a row of the view shows, without its tooltip. */
export function invocationItem(node: InvocationNode): TreeItem {
  if (node === 'older') return olderItem();
  const { record, calls } = node;
  const item = new TreeItem(invocationLabel(record));
  item.id = record.span;
  item.iconPath = isFailure(record.status) ? FAILED : PASSED;
  item.description = invocationDescription(record, calls);
  item.contextValue = contextOf(record);
  item.accessibilityInformation = { label: spokenInvocation(record, calls), role: 'treeitem' };
  const command: OwnCommand = { title: '', command: 'fusionizer.trace.open', arguments: [node] };
  item.command = command;
  return item;
}

function olderItem(): TreeItem {
  const item = new TreeItem(l10n.t('Show Older'));
  item.id = 'older';
  item.iconPath = new ThemeIcon('history');
  const command: OwnCommand = { title: '', command: 'fusionizer.trace.showOlder' };
  item.command = command;
  return item;
}

/** Request, Fusion Group, trace and what else is known of an invocation. */
export function invocationTooltip({ record, calls }: InvocationRow): MarkdownString {
  const { status, duration, start, request, trace, group, cold, replayOf } = record;
  const text = new MarkdownString(`**${invocationLabel(record)}**\n\n`);
  const line = (name: string, value: string): void => {
    text.appendMarkdown(`- ${name}: `).appendText(value).appendMarkdown('\n');
  };
  line(l10n.t('Request'), request ?? l10n.t('an event of a trigger'));
  line(l10n.t('Status'), answerWords(status));
  line(l10n.t('Begin'), new Date(start).toLocaleString());
  line(l10n.t('Duration'), formatDuration(duration));
  if (calls) line(l10n.t('Calls'), countWords(calls) || l10n.t('none'));
  line(l10n.t('Fusion Group'), group.length > 1 ? group.join(' + ') : l10n.t('by itself'));
  if (cold) line(l10n.t('Cold start'), l10n.t('it was the first event of its worker'));
  if (replayOf !== undefined) line(l10n.t('Replay of'), replayOf);
  line(l10n.t('Trace'), trace);
  return text;
}
