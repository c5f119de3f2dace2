import { type Command, commands, Uri } from 'vscode';
import type { CommandId, ContextKey, ViewId } from './contributes.ts';

/** What a lens or a row of a tree runs: a command of this extension. A lens with an empty id only shows its title. */
export interface OwnCommand extends Command {
  command: CommandId | '';
}

/** Runs a command of this extension: `executeCommand` of VS Code would take any text. */
export function execute(id: CommandId, ...args: readonly unknown[]): Thenable<unknown> {
  return commands.executeCommand(id, ...args);
}

/** A link that runs a command of this extension. */
export const commandUri = (id: CommandId, ...args: readonly unknown[]): Uri =>
  Uri.parse(`command:${id}?${encodeURIComponent(JSON.stringify(args))}`);

/** Opens a view and moves the focus there, by the command that VS Code makes for each view. */
export function focusView(id: ViewId): Thenable<unknown> {
  return commands.executeCommand(`${id}.focus`);
}

/** Sets a key that the when clauses of package.json read. */
export function setContext(key: ContextKey, value: unknown): Thenable<unknown> {
  return commands.executeCommand('setContext', key, value);
}
