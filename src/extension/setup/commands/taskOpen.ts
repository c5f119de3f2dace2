import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { handlerFile } from '../../../task/handler.ts';
import { readTaskDefinition } from '../../../task/task.ts';
import type { ExtensionCommand } from '../../services.ts';
import { taskFolder } from '../targets.ts';

/** Opens a Task's handler, or its function.yaml if the handler is not found. */
export const taskOpen: ExtensionCommand = async (services, argument) => {
  const folder = await taskFolder(services, argument, l10n.t('Open Nuclio Task'));
  await window.showTextDocument(Uri.file(path.join(folder, await mainFile(folder))), { preview: true });
};

async function mainFile(folder: string): Promise<string> {
  // The editor marks the faults of a configuration when it is open.
  const definition = await readTaskDefinition(folder, path.basename(folder)).catch(() => undefined);
  const handler = definition && (await handlerFile(folder, definition.handler, definition.runtime));
  if (handler !== undefined) return handler;
  const yaml = await stat(path.join(folder, 'function.yaml')).catch(() => undefined);
  return yaml ? 'function.yaml' : 'function.yml';
}
