import { type ConfigurationChangeEvent, l10n, window } from 'vscode';
import { execute } from '../ownCommands.ts';
import type { ServerConnection } from './serverConnection.ts';

/** What a server has from its start on. */
const OF_THE_START = [
  'url',
  'port',
  'host',
  'auth',
  'tokenFile',
  'allowHosts',
  'stateFolder',
  'grace',
  'allowSystemCommands',
]
  .map((name) => `fusionizer.server.${name}`)
  .concat('fusionizer.python.path', 'fusionizer.schedule.file', 'fusionizer.optimizer.module');

/**
 * A setting was changed that a running server does not take up: says so, and offers to start it again. After a failed
 * start it is tried at once.
 */
export async function offerRestart(server: ServerConnection, change: ConfigurationChangeEvent): Promise<void> {
  const changed = OF_THE_START.find((name) => change.affectsConfiguration(name));
  if (changed === undefined) return;
  if (server.status.kind === 'failed' || server.status.kind === 'needsToken') {
    await execute('fusionizer.server.start');
    return;
  }
  if (server.connection === undefined) return;
  // A server that this window does not run has settings of its own, but for the address.
  const own = server.connection.origin === 'own';
  if (!own && changed !== 'fusionizer.server.url') return;
  const restart = own ? l10n.t('Restart Server') : l10n.t('Reconnect to Server');
  const message = own
    ? l10n.t('{0} takes effect when the server starts again.', changed)
    : l10n.t('{0} takes effect when this window connects to its server again.', changed);
  const picked = await window.showInformationMessage(message, restart);
  if (picked === restart) await execute('fusionizer.server.restart');
}
