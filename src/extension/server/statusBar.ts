import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { CommandId } from '../contributes.ts';
import type { ScheduleState } from '../schedule/scheduleState.ts';
import type { ServerStatus } from './serverConnection.ts';

const SHOW_ACTIONS: CommandId = 'fusionizer.server.showActions';

/** What the status bar shows. Undefined: nothing. */
export interface Shown {
  readonly status: ServerStatus;
  /** What the server follows; undefined without a schedule. */
  readonly schedule: ScheduleState | undefined;
}

/** The server's health and port in the status bar. Its texts are loaded when it is first shown. */
export class ServerStatusBar implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem('fusionizer.server', StatusBarAlignment.Left, 10);
  readonly #shown: () => Shown | undefined;

  /** @param shown what to show now */
  constructor(shown: () => Shown | undefined) {
    this.#shown = shown;
    this.#item.name = l10n.t('Fusionizer Server');
    this.#item.command = SHOW_ACTIONS;
  }

  /** Shows what is to be shown now. */
  async update(): Promise<void> {
    if (this.#shown() === undefined) return this.#item.hide();
    const { showStatus } = await import('./statusItem.ts');
    // It may have changed meanwhile.
    const shown = this.#shown();
    if (shown) showStatus(this.#item, shown.status, shown.schedule);
  }

  dispose(): void {
    this.#item.dispose();
  }
}
