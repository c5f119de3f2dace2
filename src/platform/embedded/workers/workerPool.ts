import type { Crash, LogLevel } from '../../../shared/api.ts';
import { chainText } from '../../../shared/callChain.ts';
import { FusionizerError, messageOf } from '../../../shared/errors.ts';
import type { InFlightEvent, PlatformFunction } from '../../platform.ts';
import type { EmbeddedTimes } from '../embeddedTimes.ts';
import { countWaiting, depthOf, occupies } from './callChain.ts';
import type { WorkerBudget } from './workerBudget.ts';
import type { KillReason } from './workerEnd.ts';
import type { WorkerProcess } from './workerProcess.ts';
import { WorkerRevival } from './workerRevival.ts';
import type { Slot, Waiter } from './workerSlot.ts';

export type Lease = Slot;

export interface PoolOptions {
  times: EmbeddedTimes;
  size: number;
  /** How many workers the server may have. Those of `size` are taken from it already. */
  budget: WorkerBudget;
  /** How long an event waits for a worker, in milliseconds. */
  wait: number;
  /** How long calls between Tasks that outlive their event may take, in milliseconds. */
  patience: number;
  start(id: number): Promise<WorkerProcess>;
  /** Reports what happens to workers by itself. */
  report(level: LogLevel, message: string): void;
  /** A crash loop has begun or ended. */
  stateChanged(): void;
}

/** How often an event that has waited long enough checks whether its extra worker still starts, in milliseconds. */
const START_LOOK = 20;
/** The number of workers of a function that start at the same time. */
const AT_A_TIME = 8;
const REMOVED: KillReason = { what: 'ended', how: 'its function is removed', crash: false };
const ABANDONED: KillReason = {
  what: 'ended',
  how: 'its function was replaced, and its client has gone away',
  crash: false,
};
const NOT_NEEDED: KillReason = { what: 'ended', how: 'it is not needed any more', crash: false };

/**
 * A function's workers. The worker that has been idle for longest takes the next event. Events that wait for a worker
 * are served in the order of their arrival.
 *
 * Fusion adds no deadlock: a call from a Task never waits for workers that cannot become free before it is answered.
 * That would happen when its own call chain occupies the function, or when every worker runs an event that itself waits
 * for a worker further down. Then an extra worker takes the call. The number of extra workers that do not wait
 * themselves is bounded by the depth of the call chain.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #owner: () => PlatformFunction;
  readonly #slots = new Set<Slot>();
  readonly #idle: Slot[] = [];
  readonly #idleExtra: Slot[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #revival: WorkerRevival;
  #starting = 0;
  #draining = false;
  #nextExtra: number;
  #closing = false;
  #drained: (() => void) | undefined;

  constructor(options: PoolOptions, owner: () => PlatformFunction) {
    this.#options = options;
    this.#owner = owner;
    this.#nextExtra = options.size;
    this.#revival = new WorkerRevival({ ...options, add: (worker) => this.#add(worker, false) });
  }

  /** Starts all workers, some at a time. If one fails, all are ended and its error is thrown. */
  async start(): Promise<void> {
    const ids = Array.from({ length: this.#options.size }, (_, id) => id);
    const started: WorkerProcess[] = [];
    let failure: { reason: unknown } | undefined;
    const startNext = async (): Promise<void> => {
      for (let id = ids.shift(); id !== undefined && failure === undefined; id = ids.shift()) {
        try {
          started.push(await this.#options.start(id));
        } catch (reason) {
          failure ??= { reason };
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, startNext));
    for (const worker of started) {
      if (failure) worker.kill(NOT_NEEDED);
      else this.#add(worker, false);
    }
    if (failure) throw failure.reason;
  }

  /** Workers that ended by themselves and were started again. */
  get restarts(): number {
    return this.#revival.restarts;
  }

  /** Events that wait for a worker. */
  get waiting(): number {
    return this.#waiters.length;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** The event of each worker, without extra workers; undefined for an idle one. */
  get events(): (InFlightEvent | undefined)[] {
    return [...this.#slots].filter(({ extra }) => !extra).map(({ event }) => event);
  }

  /** The crash loop that the workers are in, if any. */
  get crash(): Crash | undefined {
    return this.#revival.crash;
  }

  /** An idle worker, without waiting. */
  take(event: InFlightEvent): Lease | undefined {
    let slot = this.#idle.shift();
    while (slot?.worker.ending) slot = this.#idle.shift();
    if (slot) slot.event = event;
    return slot;
  }

  /**
   * Waits for a worker. Undefined when none becomes free in time.
   * @throws FusionizerError `loop` if the call needed an extra worker and the server has too many of them
   */
  async wait(event: InFlightEvent): Promise<Lease | undefined> {
    if (this.#closing) return undefined;
    let overspent = false;
    const mayUseExtra = event.parent !== undefined && this.#wouldDeadlock(event);
    if (mayUseExtra) {
      const extra = this.#idleExtra.pop();
      if (extra) {
        extra.event = event;
        return extra;
      }
      // An extra worker whose event waits further down does not help this call, and may wait for it.
      const helpful =
        [...this.#slots].filter((slot) => slot.extra && !(slot.event && slot.event.waiting > 0)).length +
        this.#starting;
      if (helpful < this.#options.size * depthOf(event)) overspent = !this.#startExtra();
    }
    countWaiting(event, 1);
    const slot = await new Promise<Slot | undefined>((resolve) => {
      const waiter: Waiter = {
        event,
        mayUseExtra,
        grant: (granted) => {
          clearTimeout(timer);
          if (granted) granted.event = event;
          resolve(granted);
        },
      };
      const giveUp = (): void => {
        // The extra worker was started for such calls. How long that takes is not the caller's concern, and it ends.
        if (mayUseExtra && this.#starting > 0) {
          timer = setTimeout(giveUp, START_LOOK);
          return;
        }
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.grant(undefined);
        this.#checkDrained();
      };
      let timer = setTimeout(giveUp, this.#options.wait);
      this.#waiters.push(waiter);
    });
    countWaiting(event, -1);
    if (slot === undefined && overspent && !this.#closing) throw tooManyExtras(event, this.#options.budget.mostExtra);
    return slot;
  }

  release(slot: Lease): void {
    // It keeps its event until it is gone, because that event ended it.
    if (slot.worker.ending) return;
    slot.event = undefined;
    if (!this.#slots.has(slot)) return;
    if (this.#revival.watching && slot.worker.proven) this.#revival.proven(slot.worker);
    const index = slot.extra ? this.#waiters.findIndex((waiter) => waiter.mayUseExtra) : 0;
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter) {
      waiter.grant(slot);
      return;
    }
    if (slot.extra) {
      slot.idleSince = Date.now();
      this.#idleExtra.push(slot);
      setTimeout(() => this.#endIdleExtras(), this.#options.times.extraIdle).unref();
    } else this.#idle.push(slot);
    this.#checkDrained();
  }

  /** Lets running and waiting events finish, then ends the workers. */
  async drain(): Promise<void> {
    this.#draining = true;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#checkDrained();
    });
    await this.#end((worker) => worker.stop(this.#options.times.stopGrace, REMOVED, this.#options.patience));
  }

  /** Ends workers whose events have no client any more. */
  endAbandoned(): void {
    for (const { worker, event } of this.#slots) if (event?.client?.destroyed) worker.kill(ABANDONED);
  }

  /** Ends the workers. Busy ones end at once, and their events fail. Idle ones may end by themselves. */
  async close(why: KillReason): Promise<void> {
    await this.#end(async (worker, busy) => {
      if (busy) worker.kill(why);
      await worker.stop(this.#options.times.closeGrace, why);
    });
  }

  async #end(how: (worker: WorkerProcess, busy: boolean) => Promise<void>): Promise<void> {
    this.#closing = true;
    this.#revival.close();
    await Promise.all([...this.#slots].map(({ worker, event }) => how(worker, event !== undefined)));
    for (const waiter of this.#waiters.splice(0)) waiter.grant(undefined);
    this.#checkDrained();
  }

  #checkDrained(): void {
    if (this.#waiters.length === 0 && [...this.#slots].every((slot) => slot.event === undefined)) this.#drained?.();
  }

  #wouldDeadlock(event: InFlightEvent): boolean {
    if (occupies(event, this.#owner())) return true;
    // Extra workers do not count. Whether this call may use them is the question here.
    const running = [...this.#slots].flatMap((slot) => (slot.extra ? [] : (slot.event ?? [])));
    return running.length > 0 && running.every((other) => other.waiting > 0);
  }

  #add(worker: WorkerProcess, extra: boolean): void {
    const slot: Slot = { worker, event: undefined, extra, idleSince: Date.now() };
    this.#slots.add(slot);
    void worker.exited.then((end) => {
      this.#slots.delete(slot);
      for (const list of [this.#idle, this.#idleExtra]) if (list.includes(slot)) list.splice(list.indexOf(slot), 1);
      this.#checkDrained();
      const needed = !this.#draining || this.#waiters.length > 0;
      if (!this.#closing && !extra && needed) void this.#revival.revive(worker, end, slot.event !== undefined);
    });
    this.release(slot);
  }

  /** @returns false if the server may not have another extra worker */
  #startExtra(): boolean {
    const giveBack = this.#options.budget.takeExtra();
    if (giveBack === undefined) return false;
    const id = this.#nextExtra;
    this.#nextExtra += 1;
    this.#starting += 1;
    this.#options
      .start(id)
      .then(
        (worker) => {
          void worker.exited.then(giveBack);
          if (this.#closing) worker.kill(NOT_NEEDED);
          else this.#add(worker, true);
        },
        (error: unknown) => {
          giveBack();
          this.#options.report(
            'error',
            `An extra worker for calls between Tasks cannot be started: ${messageOf(error)}`,
          );
        },
      )
      .finally(() => {
        this.#starting -= 1;
      });
    return true;
  }

  #endIdleExtras(): void {
    const old = this.#idleExtra.filter((slot) => Date.now() - slot.idleSince >= this.#options.times.extraIdle);
    for (const slot of old) {
      this.#idleExtra.splice(this.#idleExtra.indexOf(slot), 1);
      void slot.worker.stop(this.#options.times.stopGrace, NOT_NEEDED);
    }
  }
}

function tooManyExtras({ link }: InFlightEvent, most: number): FusionizerError {
  return new FusionizerError(
    'loop',
    `Task '${link.task}' found no worker: its call chain occupies all workers of its function, and calls between ` +
      `Tasks have started ${most} extra workers, which is the limit. The chain is ${chainText(link)}. Make fewer ` +
      'calls at the same time, or allow more with fusionizer serve --max-workers',
  );
}
