import { CodeActionKind, languages } from 'vscode';
import type { Services } from '../services.ts';

/**
 * Offers to add the build command that installs a missing module, where a deploy failed for it or another extension
 * marks its import.
 */
export function registerMissingModuleFix({ context }: Services): void {
  context.subscriptions.push(
    languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
      {
        provideCodeActions: async ({ uri }, _range, { diagnostics }) => {
          if (diagnostics.length === 0) return [];
          const { missingModuleActions } = await import('./missingModuleActions.ts');
          return missingModuleActions(uri, diagnostics);
        },
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  );
}
