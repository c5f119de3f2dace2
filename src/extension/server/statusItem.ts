import { l10n, MarkdownString, type StatusBarItem, ThemeColor, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { type ScheduleState, severityOf } from '../schedule/scheduleState.ts';
import { scheduleStatus, scheduleText, scheduleTooltip } from '../schedule/scheduleText.ts';
import { textSetting } from '../settings.ts';
import { type ServerAction, serverActions } from './serverActions.ts';
import type { ServerStatus } from './serverConnection.ts';

/** @param schedule what the server follows; undefined without a schedule */
export function showStatus(item: StatusBarItem, status: ServerStatus, schedule: ScheduleState | undefined): void {
  const remote = textSetting('server.url') !== undefined;
  const [icon, text, colour] = workspace.isTrusted ? describe(status, remote) : RESTRICTED();
  const follows = status.kind === 'running' ? schedule : undefined;
  const spoken = follows ? `, ${l10n.t('Schedule')}: ${scheduleText(follows)}` : '';
  const background = colour ?? (follows && severityOf(follows) !== 'none' ? 'warning' : undefined);
  item.text = `$(${icon}) ${text}${follows ? scheduleStatus(follows) : ''}`;
  item.accessibilityInformation = { label: `${l10n.t('Fusionizer Server')}: ${text}${spoken}` };
  item.backgroundColor = background === undefined ? undefined : new ThemeColor(`statusBarItem.${background}Background`);
  item.tooltip = tooltip(status, remote, follows);
  item.show();
}

/** Nothing is started in Restricted Mode, so no server is missing. */
const RESTRICTED = (): [icon: string, text: string] => ['shield', l10n.t('Fusionizer restricted')];

/** @param remote whether the server runs elsewhere, so that the window connects to it and does not start it */
function describe(status: ServerStatus, remote: boolean): [icon: string, text: string, colour?: 'error' | 'warning'] {
  switch (status.kind) {
    case 'running':
      return ['layers-active', l10n.t('Fusionizer {0}', placeOf(status.connection))];
    case 'starting':
      return ['sync~spin', remote ? l10n.t('Fusionizer connecting') : l10n.t('Fusionizer starting')];
    case 'stopping':
      return ['sync~spin', l10n.t('Fusionizer stopping')];
    case 'needsToken':
      return remote
        ? ['key', l10n.t('Fusionizer needs a token'), 'warning']
        : ['error', l10n.t('Fusionizer failed'), 'error'];
    case 'lost':
      return ['sync~spin', l10n.t('Fusionizer reconnecting'), 'warning'];
    case 'failed':
      return ['error', l10n.t('Fusionizer failed'), 'error'];
    case 'disconnected':
      return ['debug-disconnect', l10n.t('Fusionizer disconnected')];
    case 'idle':
    case 'stopped':
      return remote
        ? ['debug-disconnect', l10n.t('Fusionizer disconnected')]
        : ['circle-outline', l10n.t('Fusionizer stopped')];
  }
}

/** The port is enough for a server on this machine. */
function placeOf({ origin, address }: { origin: string; address: string }): string {
  const { hostname, port, protocol } = new URL(address);
  return `${origin === 'remote' ? hostname : ''}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

const ORIGINS = {
  own: () => l10n.t('run by this window'),
  attached: () => l10n.t('run by another window or terminal'),
  remote: () => l10n.t('named by fusionizer.server.url'),
};

function tooltip(status: ServerStatus, remote: boolean, schedule: ScheduleState | undefined): MarkdownString {
  const text = new MarkdownString(undefined, true);
  const actions = serverActions(status, remote, workspace.isTrusted);
  // The tooltip's links may run these commands only.
  text.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  text.appendMarkdown(`**${l10n.t('Fusionizer Server')}**`);
  if (status.kind === 'running' || status.kind === 'lost')
    text.appendMarkdown(` ${status.connection.address}\n\n${ORIGINS[status.connection.origin]()}`);
  else if (status.kind === 'disconnected')
    text.appendMarkdown(`\n\n${l10n.t('This window is disconnected from {0}, which still runs.', status.address)}`);
  if (schedule) text.appendMarkdown(`\n\n${scheduleTooltip(schedule).value}`);
  text.appendMarkdown('\n\n');
  if ('error' in status) text.appendText(messageOf(status.error)).appendMarkdown('\n\n');
  const link = ({ icon, short, command }: ServerAction): string => `[$(${icon}) ${short}](command:${command})`;
  return text.appendMarkdown(actions.map(link).join(' &nbsp; '));
}
