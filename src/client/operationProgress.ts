import type { Operation, Stage } from '../shared/api.ts';
import type { FusionizerClient } from './fusionizerClient.ts';

export interface ProgressListener {
  stage(stage: Stage): void;
  /** A line that the build printed. */
  output(line: string): void;
}

/** Between two looks at what a build prints, in milliseconds. */
const LOOK = 300;

/** Tells what an operation does while it runs: its stages from the server's events, its output by asking for it. */
export class OperationProgress {
  readonly #client: FusionizerClient;
  readonly #id: string;
  readonly #listener: ProgressListener;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> | undefined;
  #stages = 0;
  #lines = 0;

  /** @param id of an operation that need not have begun */
  constructor(client: FusionizerClient, id: string, listener: ProgressListener) {
    this.#client = client;
    this.#id = id;
    this.#listener = listener;
  }

  /** Resolves when no stage can be missed any more. @param live tells output as it comes */
  async follow(live: boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#following = this.#read(resolve).catch(reject);
    });
    if (live) this.#look();
  }

  /** Stops to follow and tells the stages that have not been told yet. */
  async end(operation: Operation | undefined): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#following;
    if (operation) this.#tellStages(operation);
  }

  /** Tells the output that has not been told yet. */
  tellOutput(operation: Operation): void {
    for (const line of operation.log.slice(this.#lines)) this.#listener.output(line);
    this.#lines = operation.log.length;
  }

  async #read(connected: () => void): Promise<void> {
    for await (const event of this.#client.events({ names: ['operation'], signal: this.#stop.signal })) {
      if (event.name === 'connected') connected();
      // Stages are a comfort: without events, those that are left are told at the end.
      else if (event.name === 'disconnected') return connected();
      else if (event.name === 'operation' && event.data.id === this.#id) this.#tellStages(event.data);
    }
  }

  #tellStages(operation: Operation): void {
    for (const { stage } of operation.stages.slice(this.#stages)) this.#listener.stage(stage);
    this.#stages = Math.max(this.#stages, operation.stages.length);
  }

  #look(): void {
    this.#timer = setTimeout(() => {
      this.#client
        .operation(this.#id)
        .then((operation) => this.tellOutput(operation))
        // Not begun yet; any other failure ends the request itself, which tells it.
        .catch(() => undefined)
        .finally(() => {
          if (!this.#stop.signal.aborted) this.#look();
        });
    }, LOOK);
  }
}
