import path from 'node:path';
import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  l10n,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  workspace,
} from 'vscode';
import { isConfig } from '../config/configFiles.ts';
import { DEPLOY_SOURCE } from './faultPlace.ts';

/** The actions for those of a file's marks that name a missing module. */
export async function missingModuleActions(uri: Uri, diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
  const actions = await Promise.all(diagnostics.map((one) => actionFor(uri, one)));
  return actions.filter((action) => action !== undefined);
}

async function actionFor(uri: Uri, diagnostic: Diagnostic): Promise<CodeAction | undefined> {
  const named = moduleNamed(diagnostic, path.extname(uri.fsPath));
  const top = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  if (named === undefined || top === undefined) return undefined;
  const { configAbove } = await import('../codeLens/handlerOf.ts');
  const config = (await configAbove(uri.fsPath, top)) ?? uri.fsPath;
  const document = await workspace.openTextDocument(Uri.file(config));
  const command = 'command' in named ? named.command : await commandFor(document, named.message);
  if (command === undefined) return undefined;
  const { addBuildCommand, addInlineBuildCommand } = await import('../config/addBuildCommand.ts');
  const text = document.getText();
  const insertion = isConfig(document)
    ? addBuildCommand(text, command)
    : addInlineBuildCommand(text, path.extname(config), command);
  if (insertion === undefined) return undefined;
  const action = new CodeAction(l10n.t("Add '{0}' to the build commands", command), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  action.edit.insert(document.uri, document.positionAt(insertion.offset), insertion.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = diagnostic.source === DEPLOY_SOURCE;
  return action;
}

/** The command that a failed deploy names, or a message about the module that another extension does not find. */
function moduleNamed(
  { source, message }: Diagnostic,
  ending: string,
): { readonly command: string } | { readonly message: string } | undefined {
  if (source === DEPLOY_SOURCE) {
    const [, command] = /: add '([^']+)' to spec\.build\.commands/.exec(message) ?? [];
    return command === undefined ? undefined : { command };
  }
  // Pylance and Pyright; TypeScript, which also checks JavaScript.
  const [, python] = /^Import "([\w.]+)" could not be resolved/.exec(message) ?? [];
  if (ending === '.py') return python === undefined ? undefined : { message: noModule(python) };
  return /^Cannot find module '[^']+'/.test(message) ? { message } : undefined;
}

/** Python's own words, which the advice of a deploy is made from. */
const noModule = (name: string): string => `ModuleNotFoundError: No module named '${name}'`;

/** The command that installs a module, if the Task's configuration does not have it. */
async function commandFor(document: TextDocument, message: string): Promise<string | undefined> {
  const { commandToAdd, missingModuleAdvice } = await import('../../task/missingModule.ts');
  const { readConfig } = await import('../../task/yaml/findConfig.ts');
  const name = path.basename(document.uri.fsPath);
  const kind = isConfig(document) ? 'yaml' : 'source';
  try {
    const { config } = readConfig({ kind, name }, Buffer.from(document.getText())) ?? {};
    const written = config?.spec?.runtime ?? (path.extname(name) === '.py' ? 'python' : 'nodejs');
    const family = written.startsWith('python') ? 'python' : 'nodejs';
    const folder = path.dirname(document.uri.fsPath);
    const advice = await missingModuleAdvice(folder, config ?? {}, { family, version: undefined }, message);
    return advice && commandToAdd(advice);
  } catch {
    // A configuration that cannot be read has marks of its own.
    return undefined;
  }
}
