import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, languages, type TextDocument, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { scheduleFile } from '../settings.ts';
import { SCHEDULE_ENDING } from './newSchedule.ts';

/** Marks what a server would refuse in an open schedule: the one that the setting names, and every *.schedule.json. */
export function registerScheduleDiagnostics({ context, log }: Services): void {
  const collection = languages.createDiagnosticCollection('fusionizer-schedule');
  const check = async (document: TextDocument): Promise<void> => {
    const { uri, version } = document;
    if (uri.scheme !== 'file' || !(uri.fsPath.endsWith(SCHEDULE_ENDING) || uri.fsPath === scheduleFile())) return;
    const { scheduleProblem } = await import('./scheduleProblem.ts');
    const problem = scheduleProblem(document.getText(), path.basename(uri.fsPath));
    // The document was changed again or closed meanwhile.
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
  const begin = (document: TextDocument): void =>
    void check(document).catch((error: unknown) => log.error(messageOf(error)));
  for (const document of workspace.textDocuments) begin(document);
  context.subscriptions.push(
    collection,
    workspace.onDidOpenTextDocument(begin),
    workspace.onDidChangeTextDocument(({ document }) => begin(document)),
    workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  );
}
