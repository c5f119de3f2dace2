import { type ConfigurationChangeEvent, l10n, window } from 'vscode';
import type { Settings } from '../contributes.ts';
import { execute } from '../ownCommands.ts';
import type { Services } from '../services.ts';

/** Settings that a server reads at its start only. */
const OF_THE_START: readonly (keyof Settings)[] = [
  'server.url',
  'server.port',
  'server.host',
  'server.auth',
  'server.tokenFile',
  'server.allowHosts',
  'server.stateFolder',
  'server.grace',
  'server.allowSystemCommands',
  'server.maxDepth',
  'server.maxWorkers',
  'server.record',
  'python.path',
  'optimizer.module',
];

/**
 * Offers a restart after a change of a setting that the running server does not take up. After a failed start, the next
 * start is tried at once.
 */
export async function offerRestart(services: Services, change: ConfigurationChangeEvent): Promise<void> {
  const { server } = services;
  if (change.affectsConfiguration('fusionizer.schedule.file') && server.connection?.origin === 'own') {
    const { followSetting } = await import('../schedule/useSchedule.ts');
    await followSetting(services);
  }
  const changed = OF_THE_START.find((name) => change.affectsConfiguration(`fusionizer.${name}`));
  if (changed === undefined) return;
  if (server.status.kind === 'failed' || server.status.kind === 'needsToken') {
    await execute('fusionizer.server.start');
    return;
  }
  if (server.connection === undefined) return;
  // Of the settings, only the address matters to a server that this window does not run.
  const own = server.connection.origin === 'own';
  if (!own && changed !== 'server.url') return;
  const restart = own ? l10n.t('Restart Server') : l10n.t('Reconnect to Server');
  const message = own
    ? l10n.t('fusionizer.{0} takes effect when the server starts again.', changed)
    : l10n.t('fusionizer.{0} takes effect when this window connects to its server again.', changed);
  const picked = await window.showInformationMessage(message, restart);
  if (picked === restart) await execute('fusionizer.server.restart');
}
