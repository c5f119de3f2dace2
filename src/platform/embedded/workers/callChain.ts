import type { InFlightEvent, PlatformFunction } from '../../platform.ts';

/** Calls above an event. */
export function depthOf(event: InFlightEvent): number {
  let depth = 0;
  for (let above = event.parent; above; above = above.parent) depth += 1;
  return depth;
}

/** Whether an event's own call chain runs in a function. */
export function occupies(event: InFlightEvent, fn: PlatformFunction): boolean {
  for (let above = event.parent; above; above = above.parent) if (above.fn === fn) return true;
  return false;
}

/** Counts a call that waits for a worker in all events above it, or takes it out again. */
export function countWaiting(event: InFlightEvent, change: 1 | -1): void {
  for (let above = event.parent; above; above = above.parent) above.waiting += change;
}
