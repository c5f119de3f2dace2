import { CodeActionKind, type Disposable, languages, type Uri } from 'vscode';
import type { ConfigDiagnostic } from './configDiagnostics.ts';
import { TASK_DOCUMENTS } from './configFiles.ts';

/**
 * Offers the quick fixes that marks in function.yaml and inline configurations carry. They work without the YAML
 * extension.
 * @param marksOf the marks of a document
 */
export function provideFixes(marksOf: (uri: Uri) => readonly ConfigDiagnostic[]): Disposable {
  return languages.registerCodeActionsProvider(
    TASK_DOCUMENTS,
    {
      provideCodeActions: async ({ uri }, range) => {
        const here = marksOf(uri).filter((one) => one.range.intersection(range) !== undefined);
        if (here.length === 0) return [];
        const { fixActions } = await import('./fixActions.ts');
        return here.flatMap((one) => fixActions(uri, one));
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}
