import { commands, env, Uri } from 'vscode';
import type { FeatureCommands } from '../services.ts';
import { serverRestart } from './commands/serverRestart.ts';
import { serverSetToken } from './commands/serverSetToken.ts';
import { serverShowActions } from './commands/serverShowActions.ts';
import { serverStop } from './commands/serverStop.ts';

export const serverCommands = {
  /** Opens the API page in the user's browser, which may be on another machine than the server. */
  'fusionizer.server.openApiPage': async ({ server }) => {
    const { address, token } = await server.start();
    const page = Uri.parse(`${address}/-/docs`).with(token === undefined ? {} : { query: `token=${token}` });
    await env.openExternal(await env.asExternalUri(page));
  },
  'fusionizer.server.restart': serverRestart,
  'fusionizer.server.setToken': serverSetToken,
  'fusionizer.server.showActions': serverShowActions,
  'fusionizer.server.showLog': async ({ log }) => log.show(true),
  'fusionizer.server.start': ({ server }) => server.start(),
  'fusionizer.server.stop': serverStop,
  'fusionizer.trust.manage': () => commands.executeCommand('workbench.trust.manage'),
  'fusionizer.settings.open': ({ context }) =>
    commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
} satisfies FeatureCommands;
