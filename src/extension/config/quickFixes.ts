import { CodeActionKind, languages } from 'vscode';
import type { Services } from '../services.ts';
import { TASK_DOCUMENTS } from './configFiles.ts';

/** Quick fixes for function.yaml and inline configurations. They work without the YAML extension. */
export function registerConfigFixes({ context, configDiagnostics }: Services): void {
  context.subscriptions.push(
    languages.registerCodeActionsProvider(
      TASK_DOCUMENTS,
      {
        provideCodeActions: async ({ uri }, range) => {
          const here = configDiagnostics.of(uri).filter((one) => one.range.intersection(range) !== undefined);
          if (here.length === 0) return [];
          const { fixActions } = await import('./fixActions.ts');
          return here.flatMap((one) => fixActions(uri, one));
        },
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  );
}
