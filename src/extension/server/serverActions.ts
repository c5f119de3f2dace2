import { l10n } from 'vscode';
import type { CommandId } from '../contributes.ts';
import type { ServerStatus } from './serverConnection.ts';

/** The last part of the id of a command about the server. */
type ServerCommand = CommandId extends infer Id ? (Id extends `fusionizer.server.${infer Verb}` ? Verb : never) : never;

/** An action that the server's status allows. */
export interface ServerAction {
  readonly icon: string;
  readonly label: string;
  /** A shorter label, for places that name the server. */
  readonly short: string;
  readonly command: CommandId;
}

/**
 * The actions in the order of the menu, what ends something last. A server of this window can be started and stopped;
 * with any other one, the window only connects and disconnects.
 * @param remote whether a server elsewhere is configured
 * @param trusted without trust no server may be started
 */
export function serverActions(status: ServerStatus, remote: boolean, trusted: boolean): ServerAction[] {
  const action = (icon: string, command: ServerCommand, label: string, short: string): ServerAction => ({
    icon,
    label,
    short,
    command: `fusionizer.server.${command}`,
  });
  const token = action('key', 'setToken', l10n.t('Set Token'), l10n.t('Set Token'));
  const log = action('output', 'showLog', l10n.t('Show Server Log'), l10n.t('Log'));
  const page = action('globe', 'openApiPage', l10n.t('Open API Page'), l10n.t('API Page'));
  const disconnect = action('debug-disconnect', 'stop', l10n.t('Disconnect from Server'), l10n.t('Disconnect'));
  const reconnect = action('debug-restart', 'restart', l10n.t('Reconnect to Server'), l10n.t('Reconnect'));
  if (!trusted) {
    const label = l10n.t('Manage Workspace Trust');
    return [{ icon: 'shield', label, short: label, command: 'fusionizer.trust.manage' }, log];
  }
  switch (status.kind) {
    case 'running':
      if (status.connection.origin === 'own') {
        const stop = action('debug-stop', 'stop', l10n.t('Stop Server'), l10n.t('Stop'));
        return [log, page, action('debug-restart', 'restart', l10n.t('Restart Server'), l10n.t('Restart')), stop];
      }
      return [log, page, ...(remote ? [token] : []), reconnect, disconnect];
    case 'lost':
      return [reconnect, log, disconnect];
    case 'starting':
      return [log, action('debug-stop', 'stop', l10n.t('Cancel'), l10n.t('Cancel'))];
    case 'stopping':
      return [log];
    case 'needsToken':
    case 'failed':
    case 'disconnected':
    case 'idle':
    case 'stopped': {
      // The token of a server on this machine is in a file.
      if (status.kind === 'needsToken' && remote) return [token, log];
      const isElsewhere = remote || status.kind === 'disconnected';
      const start = isElsewhere
        ? action('plug', 'start', l10n.t('Connect to Server'), l10n.t('Connect'))
        : action('play', 'start', l10n.t('Start Server'), l10n.t('Start'));
      return [start, log];
    }
  }
}
