import { commands, l10n, window } from 'vscode';
import { ClientError, ServerUnreachableError } from '../client/errors.ts';
import { FusionizerError, messageOf } from '../shared/errors.ts';
import { DismissedError, NoFolderError, UntrustedError } from './errors.ts';
import type { Services } from './services.ts';

/** Tells the user what went wrong, with the button that helps. The only place where commands' failures are shown. */
export async function reportError({ log }: Services, error: unknown): Promise<void> {
  if (error instanceof DismissedError || (error instanceof ClientError && error.code === 'cancelled')) return;
  const [message, buttons] = describe(error);
  // Where a stack would tell more than the message, it is a fault of ours.
  const told =
    error instanceof FusionizerError || error instanceof ClientError || error instanceof ServerUnreachableError;
  if (told) log.error(messageOf(error));
  else if (!(error instanceof NoFolderError || error instanceof UntrustedError))
    log.error(error instanceof Error ? error : String(error));
  const picked = await window.showErrorMessage(message, ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === picked);
  if (button) await commands.executeCommand(button.command, ...(button.arguments ?? []));
}

interface Button {
  title: string;
  command: string;
  arguments?: unknown[];
}

function describe(error: unknown): [message: string, buttons: Button[]] {
  if (error instanceof NoFolderError) {
    return [
      l10n.t('Open a folder first: Tasks are folders in it.'),
      [{ title: l10n.t('Open Folder'), command: 'workbench.action.files.openFolder' }],
    ];
  }
  if (error instanceof UntrustedError) {
    return [
      l10n.t('This workspace is not trusted, so nothing of it is run. Trust it to use the Fusionizer.'),
      [{ title: l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' }],
    ];
  }
  const showLog = { title: l10n.t('Show Log'), command: 'fusionizer.server.showLog' };
  if (error instanceof ClientError && (error.code === 'unauthorized' || error.code === 'forbidden')) {
    return [messageOf(error), [{ title: l10n.t('Set Token'), command: 'fusionizer.server.setToken' }, showLog]];
  }
  const settings = { title: l10n.t('Open Settings'), command: 'fusionizer.settings.open' };
  // What is malformed before any request is what the settings say.
  return [
    messageOf(error),
    error instanceof FusionizerError && error.code === 'malformed' ? [showLog, settings] : [showLog],
  ];
}
