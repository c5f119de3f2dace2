import { commands } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';

export const settingsOpen: ExtensionCommand = {
  id: 'fusionizer.settings.open',
  run: async ({ context }) => commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
};
