import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Command, l10n, Uri } from 'vscode';
import { handlerFile } from '../../task/handler.ts';
import { readTaskDefinition } from '../../task/task.ts';
import { findConfig } from '../../task/yaml/findConfig.ts';

/** A Task's handler, or the file with its configuration if the handler is not found. */
export async function mainFile(folder: string): Promise<Uri> {
  // The editor marks the faults of a configuration when it is open.
  const definition = await readTaskDefinition(folder, path.basename(folder)).catch(() => undefined);
  const handler =
    definition && (await handlerFile(folder, definition.handler, definition.runtime).catch(() => undefined));
  return Uri.file(path.join(folder, handler ?? (await configFile(folder))));
}

/**
 * What a row of the tree does. VS Code's own command knows how the row was chosen, as in the Explorer: a click and
 * Space leave the focus in the tree, Enter takes it to the editor, and a double click keeps the editor open.
 */
export async function openMainFile(folder: string): Promise<Command> {
  return { command: 'vscode.open', title: l10n.t('Open'), arguments: [await mainFile(folder)] };
}

async function configFile(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  return findConfig(names)?.name ?? 'function.yaml';
}
