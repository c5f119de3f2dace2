import type { Disposable, OutputChannel } from 'vscode';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { EventData } from '../../shared/api.ts';
import type { TaskLog } from './taskLog.ts';

/**
 * Has an output channel for each Task whose logs were opened. The channel is followed from then on, over redeploys and
 * lost connections.
 */
export class TaskLogs implements Disposable {
  readonly #opened = new Map<string, TaskLog>();

  /** The Task's channel, filled with the logs that the server has stored. It is not shown. */
  async open(task: string, client: FusionizerClient): Promise<OutputChannel> {
    const { TaskLog } = await import('./taskLog.ts');
    const known = this.#opened.get(task);
    if (known) return known.channel;
    const log = new TaskLog(task);
    this.#opened.set(task, log);
    await log.readStored(client);
    return log.channel;
  }

  add({ tasks, record }: EventData<'log'>): void {
    for (const task of tasks) this.#opened.get(task)?.add(record);
  }

  dispose(): void {
    for (const log of this.#opened.values()) log.dispose();
    this.#opened.clear();
  }
}
