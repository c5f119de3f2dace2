import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, type TextDocument, workspace } from 'vscode';
import { scheduleFile } from '../schedule/scheduleFile.ts';
import { SCHEDULE_ENDING, scheduleProblem } from './scheduleProblem.ts';

/** Marks what a server would refuse in an open schedule: the one that the setting names, and every *.schedule.json. */
export function scheduleDiagnostics(): Disposable {
  const collection = languages.createDiagnosticCollection('fusionizer-schedule');
  const check = (document: TextDocument): void => {
    const { uri } = document;
    if (uri.scheme !== 'file' || !(uri.fsPath.endsWith(SCHEDULE_ENDING) || uri.fsPath === scheduleFile())) return;
    const problem = scheduleProblem(document.getText(), path.basename(uri.fsPath));
    if (problem === undefined) {
      collection.delete(uri);
      return;
    }
    const { range } = document.lineAt(Math.min(problem.line, document.lineCount - 1));
    const diagnostic = new Diagnostic(range, problem.message, DiagnosticSeverity.Error);
    diagnostic.source = 'fusionizer';
    collection.set(uri, [diagnostic]);
  };
  for (const document of workspace.textDocuments) check(document);
  const listeners = [
    workspace.onDidOpenTextDocument(check),
    workspace.onDidChangeTextDocument(({ document }) => check(document)),
    workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  ];
  return {
    dispose: () => {
      for (const one of [...listeners, collection]) one.dispose();
    },
  };
}
