import { commands } from 'vscode';
import type { ExtensionCommand } from '../services.ts';

export const walkthroughOpen: ExtensionCommand = {
  id: 'fusionizer.walkthrough.open',
  run: ({ context }) => commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#fusionizer.start`, false),
};
