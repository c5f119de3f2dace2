import { type Disposable, l10n, type OutputChannel, window } from 'vscode';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { LogRecord } from '../../shared/api.ts';
import { recordLine } from './recordLine.ts';

/**
 * The output channel with a Task's logs. It is no log channel of the editor: such a one puts the time of writing before
 * each record's own.
 */
export class TaskLog implements Disposable {
  readonly channel: OutputChannel;
  readonly #task: string;
  /** Records that arrive while the stored ones are read. */
  #meanwhile: LogRecord[] | undefined;

  constructor(task: string) {
    this.#task = task;
    this.channel = window.createOutputChannel(`Fusionizer: ${task}`, 'log');
  }

  /** Writes the logs that the server has stored, then those that arrived meanwhile. */
  async readStored(client: FusionizerClient): Promise<void> {
    const meanwhile: LogRecord[] = [];
    this.#meanwhile = meanwhile;
    this.channel.appendLine(l10n.t('The logs of Nuclio Task {0}', this.#task));
    try {
      const kept = await client.logs(this.#task);
      for (const record of kept) this.#write(record);
      const last = kept.at(-1)?.time ?? 0;
      // The last stored records may be the first that arrived.
      const seen = new Set(kept.filter(({ time }) => time === last).map((record) => JSON.stringify(record)));
      for (const record of meanwhile) if (record.time >= last && !seen.has(JSON.stringify(record))) this.#write(record);
    } finally {
      this.#meanwhile = undefined;
    }
  }

  add(record: LogRecord): void {
    if (this.#meanwhile) this.#meanwhile.push(record);
    else this.#write(record);
  }

  dispose(): void {
    this.channel.dispose();
  }

  #write(record: LogRecord): void {
    this.channel.appendLine(recordLine(record, { task: false }));
  }
}
