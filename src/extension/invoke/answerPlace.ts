import { commands, ViewColumn, window } from 'vscode';
import { setting } from '../settings.ts';
import { type EditorLayout, withGroupBelow } from './gridBelow.ts';
import { columnBeside, columnOfAnswers } from './tabs.ts';

/** The editor group for an answer that is not open, as `fusionizer.invoke.answerPlace` says. */
export async function columnForAnswer(): Promise<ViewColumn> {
  const place = setting('invoke.answerPlace');
  if (place === 'sameGroup') return ViewColumn.Active;
  if (place === 'beside') return columnBeside();
  return columnOfAnswers() ?? makeGroupBelow();
}

/** A command that opens a group below would take the focus. */
async function makeGroupBelow(): Promise<ViewColumn> {
  const before = window.tabGroups.all.length;
  const layout = await commands.executeCommand<EditorLayout>('vscode.getEditorLayout');
  await commands.executeCommand('vscode.setEditorLayout', withGroupBelow(layout));
  return before + 1;
}
