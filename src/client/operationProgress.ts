import type { Operation, Stage } from '../shared/api.ts';
import type { FusionizerClient } from './fusionizerClient.ts';

export interface ProgressListener {
  stage(stage: Stage): void;
  /** A line that the build printed. */
  output(line: string): void;
}

/** How often the output of a build is polled, in milliseconds. */
const POLL = 300;

/** Reports the progress of an operation: its stages from the server's events, and its output by polling. */
export class OperationProgress {
  readonly #client: FusionizerClient;
  readonly #id: string;
  readonly #listener: ProgressListener;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> | undefined;
  #stages = 0;
  #lines = 0;

  /** @param id the id of an operation, which may not have begun yet */
  constructor(client: FusionizerClient, id: string, listener: ProgressListener) {
    this.#client = client;
    this.#id = id;
    this.#listener = listener;
  }

  /** Resolves when no stage can be missed any more. @param live whether output is reported while it comes */
  async follow(live: boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#following = this.#read(resolve).catch(reject);
    });
    if (live) this.#poll();
  }

  /** Stops following, and reports the stages that were not reported yet. */
  async end(operation: Operation | undefined): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#following;
    if (operation) this.#reportStages(operation);
  }

  /** Reports the output that was not reported yet. */
  tellOutput(operation: Operation): void {
    for (const line of operation.log.slice(this.#lines)) this.#listener.output(line);
    this.#lines = operation.log.length;
  }

  async #read(connected: () => void): Promise<void> {
    for await (const event of this.#client.events({ names: ['operation'], signal: this.#stop.signal })) {
      if (event.name === 'connected') connected();
      // Without events, the remaining stages are reported at the end. That is enough: stages are only informative.
      else if (event.name === 'disconnected') return connected();
      else if (event.name === 'operation' && event.data.id === this.#id) this.#reportStages(event.data);
    }
  }

  #reportStages(operation: Operation): void {
    for (const { stage } of operation.stages.slice(this.#stages)) this.#listener.stage(stage);
    this.#stages = Math.max(this.#stages, operation.stages.length);
  }

  #poll(): void {
    this.#timer = setTimeout(() => {
      this.#client
        .operation(this.#id)
        .then((operation) => this.tellOutput(operation))
        // The operation has not begun yet. Any other failure ends the request itself, which reports it.
        .catch(() => undefined)
        .finally(() => {
          if (!this.#stop.signal.aborted) this.#poll();
        });
    }, POLL);
  }
}
