import { commands, type LogOutputChannel, l10n, window } from 'vscode';
import { ClientError, ServerUnreachableError } from '../client/errors.ts';
import { type ErrorCode, FusionizerError, messageOf } from '../shared/errors.ts';
import { NoFolderError, UntrustedError } from './errors.ts';
import { execute } from './ownCommands.ts';

/** A start of the server that fails with one of these works after a change of the settings. */
const OF_SETTINGS: ReadonlySet<ErrorCode> = new Set(['option', 'port-taken', 'state-in-use']);

interface Button {
  readonly title: string;
  run(): PromiseLike<unknown>;
}

/** The message of an error that is not the user's own wish. */
export async function showError(log: LogOutputChannel, error: unknown): Promise<void> {
  if (error instanceof ClientError && error.code === 'cancelled') return;
  logError(log, error);
  const buttons = buttonsFor(error);
  const picked = await window.showErrorMessage(textOf(error), ...buttons.map(({ title }) => title));
  await buttons.find(({ title }) => title === picked)?.run();
}

/** Errors that are not meant for users are logged with their stack, as they are faults of the extension. */
function logError(log: LogOutputChannel, error: unknown): void {
  if (error instanceof NoFolderError || error instanceof UntrustedError) return;
  const isForUsers =
    error instanceof FusionizerError || error instanceof ClientError || error instanceof ServerUnreachableError;
  log.error(isForUsers || !(error instanceof Error) ? messageOf(error) : error);
}

function textOf(error: unknown): string {
  if (error instanceof NoFolderError) return l10n.t('Open a folder first: Nuclio Tasks are folders in it.');
  if (error instanceof UntrustedError)
    return l10n.t('This workspace is not trusted, so nothing of it is run. Trust it to use the Fusionizer.');
  return messageOf(error);
}

function buttonsFor(error: unknown): Button[] {
  if (error instanceof NoFolderError) {
    const open = () => commands.executeCommand('workbench.action.files.openFolder');
    return [{ title: l10n.t('Open Folder'), run: open }];
  }
  if (error instanceof UntrustedError) {
    return [{ title: l10n.t('Manage Workspace Trust'), run: () => execute('fusionizer.trust.manage') }];
  }
  const showLog = { title: l10n.t('Show Log'), run: () => execute('fusionizer.server.showLog') };
  if (error instanceof ClientError && (error.code === 'unauthorized' || error.code === 'forbidden'))
    return [{ title: l10n.t('Set Token'), run: () => execute('fusionizer.server.setToken') }, showLog];
  const namesSetting = messageOf(error).includes('fusionizer.');
  if (namesSetting || (error instanceof FusionizerError && OF_SETTINGS.has(error.code)))
    return [showLog, { title: l10n.t('Open Settings'), run: () => execute('fusionizer.settings.open') }];
  return [showLog];
}
