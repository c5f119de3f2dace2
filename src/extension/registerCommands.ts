import { commands } from 'vscode';
import type { CommandId } from './contributes.ts';
import { reportError } from './reportError.ts';
import type { Services } from './services.ts';

/** Registers every command that package.json declares. Their code is loaded when the first one is called. */
export function registerCommands(services: Services): void {
  const { context } = services;
  const declared: readonly { command: CommandId }[] = context.extension.packageJSON.contributes.commands;
  for (const { command: id } of declared) {
    const run = async (argument?: unknown, selected?: unknown): Promise<unknown> => {
      try {
        const { COMMANDS } = await import('./commands.ts');
        return await COMMANDS[id](services, argument, selected);
      } catch (error) {
        // Not awaited: the message stays until the user answers it.
        void reportError(services, error);
        return undefined;
      }
    };
    context.subscriptions.push(commands.registerCommand(id, run));
  }
}
