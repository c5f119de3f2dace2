import { commands } from 'vscode';
import type { ExtensionCommand } from '../services.ts';

export const walkthroughOpen: ExtensionCommand = {
  id: 'fusionizer.walkthrough.open',
  run: async ({ context, walkthrough }) => {
    await commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${context.extension.id}#fusionizer.start`,
      false,
    );
    await walkthrough.tellAgain();
  },
};
