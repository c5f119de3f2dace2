import path from 'node:path';
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  l10n,
  Position,
  type Range,
  type TextDocument,
  Uri,
  WorkspaceEdit,
} from 'vscode';
import type { ConfigDiagnostic, ConfigDiagnostics } from './configDiagnostics.ts';
import type { Fix } from './configProblem.ts';

/** Quick fixes of what the checks have marked. */
export class ConfigQuickFixes implements CodeActionProvider {
  static readonly metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  readonly #diagnostics: ConfigDiagnostics;

  constructor(diagnostics: ConfigDiagnostics) {
    this.#diagnostics = diagnostics;
  }

  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    const here = this.#diagnostics.of(document.uri).filter((one) => one.range.intersection(range) !== undefined);
    return here.flatMap((one) => one.problem.fixes.map((fix, index) => actionOf(document, one, fix, index === 0)));
  }
}

function actionOf({ uri }: TextDocument, diagnostic: ConfigDiagnostic, fix: Fix, isPreferred: boolean): CodeAction {
  const action = new CodeAction(titleOf(fix), CodeActionKind.QuickFix);
  const edit = new WorkspaceEdit();
  if (fix.kind === 'replace') edit.replace(uri, diagnostic.range, fix.text);
  else if (fix.kind === 'insert') edit.insert(uri, new Position(fix.line, 0), fix.text);
  else {
    const file = Uri.file(path.join(path.dirname(uri.fsPath), fix.file));
    // As an edit of text it can be undone, and passes every way that actions go.
    edit.createFile(file);
    edit.insert(file, new Position(0, 0), fix.content);
    action.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [file] };
  }
  action.edit = edit;
  action.diagnostics = [diagnostic];
  action.isPreferred = isPreferred;
  return action;
}

function titleOf(fix: Fix): string {
  if (fix.kind === 'replace') return l10n.t("Change to '{0}'", fix.text);
  if (fix.kind === 'create') return l10n.t('Create {0}', fix.file);
  return l10n.t("Add '{0}'", fix.text.trim().replace(/\n\s*/g, ' '));
}
