import path from 'node:path';
import { CodeAction, CodeActionKind, l10n, Position, Range, Uri, WorkspaceEdit } from 'vscode';
import type { ConfigDiagnostic } from './configDiagnostics.ts';
import type { Fix } from './configProblem.ts';

/** The quick fixes that a mark of a file carries. The first one is preferred. */
export function fixActions(uri: Uri, diagnostic: ConfigDiagnostic): CodeAction[] {
  return diagnostic.problem.fixes.map((fix, index) => actionOf(uri, diagnostic, fix, index === 0));
}

function actionOf(uri: Uri, diagnostic: ConfigDiagnostic, fix: Fix, isPreferred: boolean): CodeAction {
  const action = new CodeAction(titleOf(fix), CodeActionKind.QuickFix);
  const edit = new WorkspaceEdit();
  if (fix.kind === 'replace') edit.replace(uri, rangeOf(diagnostic, fix), fix.text);
  else if (fix.kind === 'insert') edit.insert(uri, new Position(fix.line, 0), fix.text);
  else {
    const file = Uri.file(path.join(path.dirname(uri.fsPath), fix.file));
    // An edit of text, unlike a new file with contents, can be undone.
    edit.createFile(file);
    edit.insert(file, new Position(0, 0), fix.content);
    action.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [file] };
  }
  action.edit = edit;
  action.diagnostics = [diagnostic];
  action.isPreferred = isPreferred;
  return action;
}

function rangeOf({ range }: ConfigDiagnostic, { at }: Fix & { kind: 'replace' }): Range {
  return at === undefined ? range : new Range(at.line, at.from, at.toLine ?? at.line, at.to);
}

function titleOf(fix: Fix): string {
  if (fix.kind === 'create') return l10n.t('Create {0}', fix.file);
  // An inline configuration has its comment characters in the text.
  const shown = fix.text
    .trim()
    .replace(/\n(?:#|\/\/)?\s*/g, ' ')
    .replace(/^(?:#|\/\/) */, '');
  if (fix.kind === 'insert') return l10n.t("Add '{0}'", shown);
  if (fix.as === 'list') return l10n.t('Write a list: {0}', shown);
  if (fix.as === 'quoted') return l10n.t('Put it in quotes: {0}', shown);
  if (fix.as === 'runtime') return l10n.t("Change the runtime to '{0}'", shown);
  return l10n.t("Change to '{0}'", shown.replace(/^(["'])(.*)\1$/, '$2'));
}
