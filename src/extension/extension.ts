import type { ExtensionContext } from 'vscode';
import { registerTaskLenses } from './codeLens/taskLenses.ts';
import { registerConfigHelp } from './config/assist/register.ts';
import { registerNameDiagnostics } from './config/nameDiagnostics.ts';
import { provideFixes } from './config/quickFixes.ts';
import { registerDeployOnSave } from './deploy/deployOnSave.ts';
import { registerMissingModuleFix } from './deploy/missingModuleFix.ts';
import { registerTaskType } from './deploy/vscodeTasks/register.ts';
import { registerKeptAnswers } from './invoke/keepAnswers.ts';
import { registerInvokeLenses } from './invoke/lenses.ts';
import { registerCodeLinks } from './logs/codeLinks.ts';
import { makeServices } from './makeServices.ts';
import { registerCommands } from './registerCommands.ts';
import { registerScheduleEditor } from './schedule/editor/register.ts';
import { registerSchedule } from './schedule/register.ts';
import { registerServer } from './server/register.ts';
import type { Services } from './services.ts';
import { registerSetupView } from './setup/register.ts';
import { registerTests } from './tests/register.ts';
import { registerTools } from './tools/register.ts';
import { registerInvocations } from './traces/register.ts';

let services: Services | undefined;

/**
 * Called by VS Code where there are Tasks, or when a command or the view is used. Starts nothing that the user did not
 * ask for.
 */
export function activate(context: ExtensionContext): void {
  services = makeServices(context);
  const { configDiagnostics } = services;
  registerCommands(services);
  registerSetupView(services);
  registerInvocations(services);
  registerTaskLenses(services);
  context.subscriptions.push(provideFixes((uri) => configDiagnostics.of(uri)));
  registerConfigHelp(services);
  registerNameDiagnostics(services);
  registerMissingModuleFix(services);
  registerSchedule(services);
  registerScheduleEditor(services);
  registerTaskType(services);
  registerDeployOnSave(services);
  registerInvokeLenses(services);
  registerKeptAnswers(services);
  registerCodeLinks(services);
  registerTests(services);
  registerTools(services);
  // Last, as it may start the server.
  registerServer(services);
}

/** Called when the window closes: ends the server of this window and all its workers. */
export async function deactivate(): Promise<void> {
  // VS Code waits a few seconds at most, so running events are cut off.
  await services?.server.stop(AbortSignal.abort());
  await services?.servedFolders.announce(undefined, []);
}
