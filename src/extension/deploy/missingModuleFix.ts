import { CodeAction, CodeActionKind, type Diagnostic, l10n, languages, Uri, WorkspaceEdit, workspace } from 'vscode';
import type { Services } from '../services.ts';
import { DEPLOY_SOURCE } from './deployProblems.ts';

/** Offers to add the build command that installs a missing module, where a deploy failed for it. */
export function registerMissingModuleFix({ context }: Services): void {
  context.subscriptions.push(
    languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
      {
        provideCodeActions: async ({ uri }, _range, { diagnostics }) =>
          (await Promise.all(diagnostics.map((one) => actionFor(uri, one)))).filter((action) => action !== undefined),
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  );
}

async function actionFor(uri: Uri, diagnostic: Diagnostic): Promise<CodeAction | undefined> {
  if (diagnostic.source !== DEPLOY_SOURCE) return undefined;
  const { commandToAdd } = await import('../../task/missingModule.ts');
  const command = commandToAdd(diagnostic.message);
  const top = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const { configAbove } = await import('../codeLens/handlerOf.ts');
  const config = command === undefined || top === undefined ? undefined : await configAbove(uri.fsPath, top);
  if (command === undefined || config === undefined) return undefined;
  const { addBuildCommand } = await import('../config/addBuildCommand.ts');
  const document = await workspace.openTextDocument(Uri.file(config));
  const insertion = addBuildCommand(document.getText(), command);
  if (insertion === undefined) return undefined;
  const action = new CodeAction(l10n.t("Add '{0}' to the build commands", command), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  action.edit.insert(document.uri, document.positionAt(insertion.offset), insertion.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}
