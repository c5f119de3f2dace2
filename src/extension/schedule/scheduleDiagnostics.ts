import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, type TextDocument, workspace } from 'vscode';
import { SCHEDULE_ENDING } from './scheduleEnding.ts';
import { scheduleFile } from './scheduleFile.ts';

/**
 * Marks what a server would refuse in an open schedule: the one that the setting names, and every *.schedule.json.
 * @param report hears of a failure to check
 */
export function scheduleDiagnostics(report: (error: unknown) => void): Disposable {
  const collection = languages.createDiagnosticCollection('fusionizer-schedule');
  const check = async (document: TextDocument): Promise<void> => {
    const { uri, version } = document;
    if (uri.scheme !== 'file' || !(uri.fsPath.endsWith(SCHEDULE_ENDING) || uri.fsPath === scheduleFile())) return;
    const { scheduleProblem } = await import('./scheduleProblem.ts');
    const problem = scheduleProblem(document.getText(), path.basename(uri.fsPath));
    // It was changed again, or closed, meanwhile.
    if (document.isClosed || document.version !== version) return;
    if (problem === undefined) {
      collection.delete(uri);
      return;
    }
    const { range } = document.lineAt(Math.min(problem.line, document.lineCount - 1));
    const diagnostic = new Diagnostic(range, problem.message, DiagnosticSeverity.Error);
    diagnostic.source = 'fusionizer';
    collection.set(uri, [diagnostic]);
  };
  const begin = (document: TextDocument): void => void check(document).catch(report);
  for (const document of workspace.textDocuments) begin(document);
  const listeners = [
    workspace.onDidOpenTextDocument(begin),
    workspace.onDidChangeTextDocument(({ document }) => begin(document)),
    workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  ];
  return {
    dispose: () => {
      for (const one of [...listeners, collection]) one.dispose();
    },
  };
}
