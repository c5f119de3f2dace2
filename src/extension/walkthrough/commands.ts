import { commands } from 'vscode';
import type { FeatureCommands } from '../services.ts';

export const walkthroughCommands = {
  'fusionizer.walkthrough.open': async ({ context, walkthrough }) => {
    const id = `${context.extension.id}#fusionizer.start`;
    await commands.executeCommand('workbench.action.openWalkthrough', id, false);
    await walkthrough.completeAgain();
  },
} satisfies FeatureCommands;
