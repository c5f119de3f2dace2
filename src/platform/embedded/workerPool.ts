import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { InFlightEvent, PlatformFunction } from '../platform.ts';
import type { WorkerProcess } from './workerProcess.ts';

interface Slot {
  worker: WorkerProcess;
  event: InFlightEvent | undefined;
  /** An extra worker serves only calls from Tasks; it ends when it was idle for a while. */
  readonly extra: boolean;
  idleSince: number;
}

interface Waiter {
  readonly event: InFlightEvent;
  readonly mayUseExtra: boolean;
  grant(slot: Slot | undefined): void;
}

export type Lease = Slot;

export interface PoolOptions {
  size: number;
  /** How long an event waits for a worker, in milliseconds. */
  wait: number;
  start(id: number): Promise<WorkerProcess>;
  /** A worker that ended without being asked to, or could not be started again. */
  report(message: string): void;
}

const EXTRA_IDLE = 30_000;
const FIRST_BACK_OFF = 50;
const LONGEST_BACK_OFF = 5000;
/** Failures in a row after which the function is called unhealthy. */
const UNHEALTHY_AFTER = 3;
const STOP_GRACE = 5000;

/**
 * A function's workers. Events take idle workers in the order in which those became idle, and wait in the order in which they came.
 *
 * No deadlock that was not there without fusion: a call from a Task never waits for workers that cannot become free before it is answered. That is
 * so when its own call chain occupies the function, or when every worker runs an event that itself waits below for a worker. Then an extra worker
 * takes the call. Extra workers that do not wait themselves are bounded by the depth of the call chain.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #owner: () => PlatformFunction;
  readonly #slots = new Set<Slot>();
  readonly #idle: Slot[] = [];
  readonly #idleExtra: Slot[] = [];
  readonly #waiters: Waiter[] = [];
  #starting = 0;
  #failures = 0;
  #restarts = 0;
  #nextExtra: number;
  #closing = false;
  #drained: (() => void) | undefined;
  readonly #abort = new AbortController();

  constructor(options: PoolOptions, owner: () => PlatformFunction) {
    this.#options = options;
    this.#owner = owner;
    this.#nextExtra = options.size;
  }

  /** Starts all workers; if one fails, all are ended and its error is thrown. */
  async start(): Promise<void> {
    const started = await Promise.allSettled(Array.from({ length: this.#options.size }, (_, id) => this.#options.start(id)));
    const failed = started.find((result) => result.status === 'rejected');
    for (const result of started) {
      if (result.status !== 'fulfilled') continue;
      if (failed) result.value.kill();
      else this.#add(result.value, false);
    }
    if (failed) throw failed.reason;
  }

  /** Workers that ended by themselves and were started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Events that wait for a worker. */
  get waiting(): number {
    return this.#waiters.length;
  }

  get size(): number {
    return this.#slots.size;
  }

  get healthy(): boolean {
    return this.#failures < UNHEALTHY_AFTER;
  }

  /** An idle worker, without waiting. */
  take(event: InFlightEvent): Lease | undefined {
    const slot = this.#idle.shift();
    if (slot) slot.event = event;
    return slot;
  }

  /** Waits for a worker; undefined when none became free in time. */
  async wait(event: InFlightEvent): Promise<Lease | undefined> {
    if (this.#closing) return undefined;
    const mayUseExtra = event.parent !== undefined && this.#wouldDeadlock(event);
    if (mayUseExtra) {
      const extra = this.#idleExtra.pop();
      if (extra) {
        extra.event = event;
        return extra;
      }
      // One that itself waits below is of no help to this call, and may wait for it.
      const helpful = [...this.#slots].filter((slot) => slot.extra && !(slot.event && slot.event.waiting > 0)).length + this.#starting;
      if (helpful < this.#options.size * depthOf(event)) this.#startExtra();
    }
    for (let above = event.parent; above; above = above.parent) above.waiting += 1;
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
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.grant(undefined);
        this.#checkDrained();
      }, this.#options.wait);
      this.#waiters.push(waiter);
    });
    for (let above = event.parent; above; above = above.parent) above.waiting -= 1;
    return slot;
  }

  release(slot: Lease): void {
    slot.event = undefined;
    if (!this.#slots.has(slot)) return;
    const index = slot.extra ? this.#waiters.findIndex((waiter) => waiter.mayUseExtra) : 0;
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter) {
      waiter.grant(slot);
      return;
    }
    if (slot.extra) {
      slot.idleSince = Date.now();
      this.#idleExtra.push(slot);
      setTimeout(() => this.#endIdleExtras(), EXTRA_IDLE).unref();
    } else this.#idle.push(slot);
    this.#checkDrained();
  }

  /** Lets running and waiting events end, then ends the workers. */
  async drain(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#checkDrained();
    });
    await this.#end((worker) => worker.stop(STOP_GRACE));
  }

  /** Ends the workers at once; running events fail. */
  async kill(): Promise<void> {
    await this.#end(async (worker) => {
      worker.kill();
      await worker.exited;
    });
  }

  async #end(how: (worker: WorkerProcess) => Promise<void>): Promise<void> {
    this.#closing = true;
    this.#abort.abort();
    await Promise.all([...this.#slots].map(({ worker }) => how(worker)));
    for (const waiter of this.#waiters.splice(0)) waiter.grant(undefined);
    this.#checkDrained();
  }

  #checkDrained(): void {
    if (this.#waiters.length === 0 && [...this.#slots].every((slot) => slot.event === undefined)) this.#drained?.();
  }

  #wouldDeadlock(event: InFlightEvent): boolean {
    const fn = this.#owner();
    for (let above = event.parent; above; above = above.parent) if (above.fn === fn) return true;
    // Extra workers do not count: one that is busy now will not take this call, unless this call may use them, which is what is asked.
    const running = [...this.#slots].flatMap((slot) => (slot.extra ? [] : (slot.event ?? [])));
    return running.length > 0 && running.every((other) => other.waiting > 0);
  }

  #add(worker: WorkerProcess, extra: boolean): void {
    const slot: Slot = { worker, event: undefined, extra, idleSince: Date.now() };
    this.#slots.add(slot);
    void worker.exited.then((how) => {
      this.#slots.delete(slot);
      for (const list of [this.#idle, this.#idleExtra]) if (list.includes(slot)) list.splice(list.indexOf(slot), 1);
      this.#checkDrained();
      if (this.#closing || extra) return;
      this.#options.report(`Worker ${worker.id} ended (${how}) and is started again`);
      void this.#restart(worker.id);
    });
    this.release(slot);
  }

  async #restart(id: number): Promise<void> {
    for (let backOff = FIRST_BACK_OFF; !this.#closing; backOff = Math.min(backOff * 2, LONGEST_BACK_OFF)) {
      try {
        const worker = await this.#options.start(id);
        if (this.#closing) return worker.kill();
        this.#failures = 0;
        this.#restarts += 1;
        this.#add(worker, false);
        return;
      } catch (error) {
        this.#failures += 1;
        this.#options.report(`Worker ${id} cannot be started again: ${messageOf(error)}`);
        await delay(backOff, undefined, { signal: this.#abort.signal, ref: false }).catch(ignoreAbort);
      }
    }
  }

  #startExtra(): void {
    const id = this.#nextExtra;
    this.#nextExtra += 1;
    this.#starting += 1;
    this.#options
      .start(id)
      .then(
        (worker) => (this.#closing ? worker.kill() : this.#add(worker, true)),
        (error: unknown) => this.#options.report(`An extra worker for calls between Tasks cannot be started: ${messageOf(error)}`),
      )
      .finally(() => {
        this.#starting -= 1;
      });
  }

  #endIdleExtras(): void {
    const old = this.#idleExtra.filter((slot) => Date.now() - slot.idleSince >= EXTRA_IDLE);
    for (const slot of old) {
      this.#idleExtra.splice(this.#idleExtra.indexOf(slot), 1);
      void slot.worker.stop(STOP_GRACE);
    }
  }
}

/** Calls above an event. */
function depthOf(event: InFlightEvent): number {
  let depth = 0;
  for (let above = event.parent; above; above = above.parent) depth += 1;
  return depth;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
