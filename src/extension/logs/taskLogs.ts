import { type Disposable, l10n, type OutputChannel, window } from 'vscode';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { EventData, LogRecord } from '../../shared/api.ts';
import { recordLine } from './recordLine.ts';

/**
 * Has an output channel for each Task whose logs were opened. The channel is followed from then on, over redeploys and
 * lost connections. It is no log channel of the editor: such a one puts the time of writing before each record's own.
 */
export class TaskLogs implements Disposable {
  readonly #channels = new Map<string, OutputChannel>();
  /** Records that arrive while the stored ones are read. */
  readonly #reading = new Map<string, EventData<'log'>[]>();

  /** The Task's channel, filled with the logs that the server has stored. It is not shown. */
  async open(task: string, client: FusionizerClient): Promise<OutputChannel> {
    const known = this.#channels.get(task);
    if (known) return known;
    const channel = window.createOutputChannel(`Fusionizer: ${task}`, 'log');
    this.#channels.set(task, channel);
    const meanwhile: EventData<'log'>[] = [];
    this.#reading.set(task, meanwhile);
    channel.appendLine(l10n.t('The logs of Task {0}', task));
    try {
      const kept = await client.logs(task);
      for (const record of kept) write(channel, record);
      const last = kept.at(-1)?.time ?? 0;
      // The last stored records may be the first that arrived.
      const seen = new Set(kept.filter(({ time }) => time === last).map((record) => JSON.stringify(record)));
      for (const { record } of meanwhile)
        if (record.time >= last && !seen.has(JSON.stringify(record))) write(channel, record);
    } finally {
      this.#reading.delete(task);
    }
    return channel;
  }

  add(data: EventData<'log'>): void {
    for (const task of data.tasks) {
      const channel = this.#channels.get(task);
      if (channel === undefined) continue;
      const reading = this.#reading.get(task);
      if (reading) reading.push(data);
      else write(channel, data.record);
    }
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }
}

const write = (channel: OutputChannel, record: LogRecord): void =>
  channel.appendLine(recordLine(record, { task: false }));
