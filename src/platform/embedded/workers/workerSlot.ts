import type { InFlightEvent } from '../../platform.ts';
import type { WorkerProcess } from './workerProcess.ts';

/** A worker of a pool, and the event that it runs. */
export interface Slot {
  readonly worker: WorkerProcess;
  event: InFlightEvent | undefined;
  /** An extra worker serves only calls from Tasks, and ends when it has been idle for a while. */
  readonly extra: boolean;
  /** Unix milliseconds. */
  idleSince: number;
}

/** An event that waits for a worker. */
export interface Waiter {
  readonly event: InFlightEvent;
  readonly mayUseExtra: boolean;
  /** @param slot undefined when no worker became free in time */
  grant(slot: Slot | undefined): void;
}
