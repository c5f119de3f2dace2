import { type Disposable, l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { ServerStatus } from './serverConnection.ts';

/** The server's health and port in the status bar. */
export class ServerStatusBar implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem('fusionizer.server', StatusBarAlignment.Left, 10);

  constructor() {
    this.#item.name = l10n.t('Fusionizer Server');
    this.#item.command = 'fusionizer.server.showActions';
  }

  show(status: ServerStatus): void {
    const [icon, text] = describe(status);
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.accessibilityInformation = { label: `${l10n.t('Fusionizer Server')}: ${text}` };
    this.#item.backgroundColor = status.kind === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.tooltip = tooltip(status);
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function describe(status: ServerStatus): [icon: string, text: string] {
  switch (status.kind) {
    case 'running':
      return ['layers-active', l10n.t('Fusionizer :{0}', new URL(status.connection.address).port || '80')];
    case 'starting':
      return ['sync~spin', l10n.t('Fusionizer starting')];
    case 'stopping':
      return ['sync~spin', l10n.t('Fusionizer stopping')];
    case 'failed':
      return ['error', l10n.t('Fusionizer failed')];
    case 'stopped':
      return ['circle-outline', l10n.t('Fusionizer stopped')];
  }
}

const ORIGINS = {
  own: () => l10n.t('run by this window'),
  attached: () => l10n.t('run by another window or terminal'),
  remote: () => l10n.t('named by fusionizer.server.url'),
};

function tooltip(status: ServerStatus): MarkdownString {
  const text = new MarkdownString(undefined, true);
  // Only these four may be run out of it.
  text.isTrusted = { enabledCommands: ['start', 'stop', 'restart', 'showLog', 'openApiPage'].map((name) => `fusionizer.server.${name}`) };
  const link = (icon: string, title: string, command: string): string => `[$(${icon}) ${title}](command:fusionizer.server.${command})`;
  const log = link('output', l10n.t('Log'), 'showLog');
  if (status.kind === 'running') {
    text.appendMarkdown(`**${l10n.t('Fusionizer Server')}** ${status.connection.address}\n\n${ORIGINS[status.connection.origin]()}\n\n`);
    const links = [link('debug-stop', l10n.t('Stop'), 'stop'), link('debug-restart', l10n.t('Restart'), 'restart'), log];
    text.appendMarkdown([...links, link('globe', l10n.t('API Page'), 'openApiPage')].join(' &nbsp; '));
  } else {
    text.appendMarkdown(`**${l10n.t('Fusionizer Server')}**\n\n`);
    if (status.kind === 'failed') text.appendText(messageOf(status.error)).appendMarkdown('\n\n');
    text.appendMarkdown(`${link('play', l10n.t('Start'), 'start')} &nbsp; ${log}`);
  }
  return text;
}
