import { type ConfigurationChangeEvent, commands, l10n, window } from 'vscode';
import type { ServerConnection } from './serverConnection.ts';

/** What a server has from its start on. */
const OF_THE_START = ['url', 'port', 'host', 'auth', 'tokenFile', 'allowHosts', 'stateFolder', 'grace', 'allowSystemCommands']
  .map((name) => `fusionizer.server.${name}`)
  .concat('fusionizer.python.path', 'fusionizer.schedule.file', 'fusionizer.optimizer.module');

/** A setting was changed that a running server does not take up: says so, and offers to start it again. */
export async function offerRestart(server: ServerConnection, change: ConfigurationChangeEvent): Promise<void> {
  const changed = OF_THE_START.find((name) => change.affectsConfiguration(name));
  if (changed === undefined || server.connection === undefined) return;
  const restart = l10n.t('Restart Server');
  const picked = await window.showInformationMessage(l10n.t('{0} takes effect when the server starts again.', changed), restart);
  if (picked === restart) await commands.executeCommand('fusionizer.server.restart');
}
