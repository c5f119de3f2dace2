import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, type TextDocument, workspace } from 'vscode';
import { FusionizerError, messageOf } from '../../core/errors.ts';
import { parseSchedule } from '../../core/schedule.ts';
import { scheduleFile } from '../schedule/scheduleFile.ts';

/** Marks what a server would refuse in an open schedule: the one that the setting names, and every *.schedule.json. */
export function scheduleDiagnostics(): Disposable {
  const collection = languages.createDiagnosticCollection('fusionizer-schedule');
  const check = (document: TextDocument): void => {
    const { uri } = document;
    if (uri.scheme !== 'file' || !(uri.fsPath.endsWith('.schedule.json') || uri.fsPath === scheduleFile())) return;
    try {
      parseSchedule(document.getText(), path.basename(uri.fsPath));
      collection.delete(uri);
    } catch (error) {
      const line = error instanceof FusionizerError ? (error.line ?? 1) - 1 : 0;
      const diagnostic = new Diagnostic(document.lineAt(Math.min(line, document.lineCount - 1)).range, messageOf(error), DiagnosticSeverity.Error);
      diagnostic.source = 'fusionizer';
      collection.set(uri, [diagnostic]);
    }
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
