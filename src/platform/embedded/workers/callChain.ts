import type { InFlightEvent, PlatformFunction } from '../../platform.ts';

/** The number of calls above an event. */
export function depthOf(event: InFlightEvent): number {
  let depth = 0;
  for (let above = event.parent; above; above = above.parent) depth += 1;
  return depth;
}

/** Whether an event above this one runs in a function. */
export function occupies(event: InFlightEvent, fn: PlatformFunction): boolean {
  for (let above = event.parent; above; above = above.parent) if (above.fn === fn) return true;
  return false;
}

/** Adds a call that waits for a worker to the counts of all events above it, or removes it. */
export function countWaiting(event: InFlightEvent, change: 1 | -1): void {
  for (let above = event.parent; above; above = above.parent) above.waiting += change;
}
