import { l10n, window } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';
import { mainFile } from '../mainFile.ts';
import { taskFolder } from '../targets.ts';

/** Opens a Task's handler, or its function.yaml if the handler is not found. */
export const taskOpen: ExtensionCommand = async (services, argument) => {
  const folder = await taskFolder(services, argument, l10n.t('Open Task'));
  await window.showTextDocument(await mainFile(folder), { preview: true });
};
