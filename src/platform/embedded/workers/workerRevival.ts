import { setTimeout as delay } from 'node:timers/promises';
import type { Crash, LogLevel } from '../../../shared/api.ts';
import { FusionizerError, messageOf } from '../../../shared/errors.ts';
import type { EmbeddedTimes } from '../embeddedTimes.ts';
import { CrashWatch } from './crashWatch.ts';
import type { WorkerEnd } from './workerEnd.ts';
import type { WorkerProcess } from './workerProcess.ts';

export interface RevivalOptions {
  times: EmbeddedTimes;
  start(id: number): Promise<WorkerProcess>;
  /** Adds a worker that was started again. */
  add(worker: WorkerProcess): void;
  report(level: LogLevel, message: string): void;
  /** A crash loop has begun or ended. */
  stateChanged(): void;
}

/** Starts a function's workers again when they end, with a growing back-off while they keep ending. */
export class WorkerRevival {
  readonly #options: RevivalOptions;
  readonly #abort = new AbortController();
  readonly #watch: CrashWatch;
  #restarts = 0;

  constructor(options: RevivalOptions) {
    this.#options = options;
    this.#watch = new CrashWatch(options.times, () => this.#report());
  }

  /** Workers that ended by themselves and were started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The crash loop that the function is in, if any. */
  get crash(): Crash | undefined {
    const loop = this.#watch.loop;
    return loop && { ...loop, restarts: this.#restarts };
  }

  /** Whether `proven` has to be called for workers that do their work. */
  get watching(): boolean {
    return this.#watch.watching;
  }

  proven(worker: WorkerProcess): void {
    this.#watch.recovered(worker.id);
  }

  /**
   * Starts a worker in place of one that ended.
   * @param busy whether that one ran an event
   */
  async revive({ id }: WorkerProcess, { what, how, crash, output }: WorkerEnd, busy: boolean): Promise<void> {
    const looped = this.#watch.loop !== undefined;
    let wait = 0;
    if (crash)
      wait = this.#watch.crashed(id, {
        ended: `it ${what} (${how}) while it ${busy ? 'ran an event' : 'was idle'}`,
        output,
      });
    if (!looped) this.#options.report('error', `Worker ${id} ${what} (${how}) and is started again`);
    while (!this.#abort.signal.aborted) {
      if (wait > 0) await delay(wait, undefined, { signal: this.#abort.signal, ref: false }).catch(ignoreAbort);
      if (this.#abort.signal.aborted) return;
      try {
        this.#started(await this.#options.start(id));
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (this.#watch.loop === undefined)
          this.#options.report('error', `Worker ${id} cannot be started again: ${messageOf(error)}`);
        wait = this.#watch.crashed(id, {
          ended: `it could not be started: ${messageOf(error)}`,
          output: tracebackOf(error),
        });
      }
    }
  }

  /** No worker is started from now on. */
  close(): void {
    this.#abort.abort();
  }

  #started(worker: WorkerProcess): void {
    if (this.#abort.signal.aborted) {
      worker.kill({ what: 'ended', how: 'its function is removed', crash: false });
      return;
    }
    this.#restarts += 1;
    this.#options.add(worker);
    if (!this.#watch.suspects(worker.id)) return;
    const timer = setTimeout(() => this.#watch.recovered(worker.id), this.#options.times.stayedUp).unref();
    void worker.exited.then(() => clearTimeout(timer));
  }

  /** Reports each loop once. Later crashes of the same loop are not reported. */
  #report(): void {
    const loop = this.#watch.loop;
    if (loop) {
      const text =
        `Crash loop: a worker has ended ${loop.inARow} times in a row. The last time, ${loop.ended}. ` +
        `It is started again at least every ${this.#options.times.longestBackOff / 1000} s`;
      this.#options.report('error', loop.output === '' ? text : `${text}. Its last output:\n${loop.output}`);
    } else this.#options.report('info', 'The crash loop is over: the workers stay up again');
    this.#options.stateChanged();
  }
}

/** The traceback of the Task's code; empty if there was none. */
function tracebackOf(error: unknown): string {
  return error instanceof FusionizerError && error.cause instanceof Error ? error.cause.message.trimEnd() : '';
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
