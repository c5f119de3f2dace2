import { randomUUID } from 'node:crypto';
import type { Operation, Stage } from '../shared/api.ts';
import { asFusionizerError, FusionizerError } from '../shared/errors.ts';
import { toProblem } from '../shared/problem.ts';
import type { Hub } from './observe/hub.ts';

const KEPT = 200;
/** How many names of Tasks they may have together: a setup may have ten thousands. */
const MOST_NAMES = 100_000;
/** How much of a build's output is kept, in characters. The newest lines stay. */
const MAX_LOG = 256 * 1024;
/** Of very many lines, such a part is dropped at once, because each drop moves all others. */
const DROPPED_AT_ONCE = 1 / 1024;
/** How many lines of it an event carries: many events are kept. The operation itself has all lines. */
const LINES_IN_EVENT = 20;

/** Through this a running operation reports its progress. */
export interface OperationHandle {
  readonly id: string;
  readonly signal: AbortSignal;
  stage(stage: Stage): void;
  output(line: string): void;
  warn(message: string): void;
}

/** Every deploy, delete and setup change, with id, stages, log and result; the newest 200 are kept. */
export class Operations {
  readonly #operations = new Map<string, { view: Operation; controller: AbortController }>();
  readonly #hub: Hub;
  readonly #running = new Set<Promise<unknown>>();
  #ended = false;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /**
   * Runs a piece of work as an operation.
   * @param id chosen by the client, or a new one
   * @throws FusionizerError `busy` when the server is closing; else what `work` throws
   */
  async run<T>(
    subject: Pick<Operation, 'kind' | 'tasks'> & { readonly source?: string | null },
    id: string | undefined,
    work: (handle: OperationHandle) => Promise<T>,
    describe: (value: T) => string,
  ): Promise<T> {
    if (this.#ended) throw closing();
    const operationId = id ?? randomUUID();
    if (this.#operations.get(operationId)?.view.state === 'running') {
      throw new FusionizerError('malformed', `Operation ${operationId} is running already: choose another id`);
    }
    const view: Operation = {
      id: operationId,
      source: null,
      ...subject,
      state: 'running',
      stages: [],
      log: [],
      warnings: [],
      result: null,
      error: null,
      startedAt: new Date().toISOString(),
      endedAt: null,
    };
    const controller = new AbortController();
    // An id that is used again counts as new.
    this.#operations.delete(operationId);
    this.#operations.set(operationId, { view, controller });
    this.#forgetOld();
    const publish = (): void => this.#hub.publish('operation', { ...view, log: view.log.slice(-LINES_IN_EVENT) });
    let logged = 0;
    const handle: OperationHandle = {
      id: operationId,
      signal: controller.signal,
      stage: (stage) => {
        if (view.stages.at(-1)?.stage === stage) return;
        view.stages.push({ stage, at: new Date().toISOString() });
        publish();
      },
      output: (line) => {
        // One line may be longer than all that is kept. An empty one takes room, too: it counts with its end.
        const kept = line.slice(0, MAX_LOG);
        view.log.push(kept);
        logged += kept.length + 1;
        if (logged > MAX_LOG) logged -= dropOldest(view.log, logged - MAX_LOG);
      },
      warn: (message) => {
        if (!view.warnings.includes(message)) view.warnings.push(message);
      },
    };
    const running = (async () => work(handle))();
    this.#running.add(running);
    try {
      const value = await running;
      view.result = describe(value);
      view.state = 'done';
      return value;
    } catch (error) {
      const failure = asFusionizerError(error);
      view.error = toProblem(failure);
      view.state = failure.code === 'superseded' || failure.code === 'cancelled' ? failure.code : 'failed';
      throw failure;
    } finally {
      this.#running.delete(running);
      view.endedAt = new Date().toISOString();
      publish();
    }
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id)?.view;
  }

  /** Cancels a running operation; one that has ended stays as it is. */
  cancel(id: string): Operation | undefined {
    const operation = this.#operations.get(id);
    operation?.controller.abort(new FusionizerError('cancelled', 'The operation was cancelled: nothing was changed'));
    return operation?.view;
  }

  /**
   * Fails all running operations and refuses new ones: the server is closing. The code differs from that of a cancelled
   * operation, because no client cancelled it.
   */
  end(): void {
    this.#ended = true;
    for (const { controller } of this.#operations.values()) controller.abort(closing());
  }

  /** Resolves when no operation runs. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #forgetOld(): void {
    let names = 0;
    for (const { view } of this.#operations.values()) names += view.tasks.length;
    for (const [id, { view }] of this.#operations) {
      if (this.#operations.size <= KEPT && names <= MOST_NAMES) return;
      if (view.state === 'running') continue;
      this.#operations.delete(id);
      names -= view.tasks.length;
    }
  }
}

function closing(): FusionizerError {
  return new FusionizerError('busy', 'The server is closing: nothing was changed. Try again when a server runs');
}

/** Drops lines that have at least so many characters, but never the last one. @returns how many they have */
function dropOldest(lines: string[], characters: number): number {
  const least = Math.floor(lines.length * DROPPED_AT_ONCE);
  let dropped = 0;
  let count = 0;
  while ((dropped < characters || count < least) && count < lines.length - 1) {
    dropped += (lines[count]?.length ?? 0) + 1;
    count += 1;
  }
  lines.splice(0, count);
  return dropped;
}
