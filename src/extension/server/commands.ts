import { commands } from 'vscode';
import type { FeatureCommands } from '../services.ts';
import { serverOpenApiPage } from './commands/serverOpenApiPage.ts';
import { serverRestart } from './commands/serverRestart.ts';
import { serverSetToken } from './commands/serverSetToken.ts';
import { serverShowActions } from './commands/serverShowActions.ts';
import { serverStop } from './commands/serverStop.ts';

export const serverCommands = {
  'fusionizer.server.openApiPage': serverOpenApiPage,
  'fusionizer.server.restart': serverRestart,
  'fusionizer.server.setToken': serverSetToken,
  'fusionizer.server.showActions': serverShowActions,
  'fusionizer.server.showLog': async ({ log }) => log.show(true),
  'fusionizer.server.start': ({ server }) => server.start(),
  'fusionizer.server.stop': serverStop,
  'fusionizer.settings.open': ({ context }) =>
    commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
} satisfies FeatureCommands;
