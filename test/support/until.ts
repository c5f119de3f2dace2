import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Milliseconds between two looks. */
const INTERVAL = 10;

/**
 * Waits until a condition holds, and returns what it returned then. An error that the condition throws ends the wait.
 * @param what is waited for, for a reader of the failure
 * @param condition holds as soon as it returns something truthy
 * @param bound in milliseconds
 * @throws Error with `what`, the bound and the condition's last value
 */
export async function until<T>(what: string, condition: () => T | Promise<T>, bound = 10_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + bound;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline)
      throw new Error(`Waited ${bound / 1000} s in vain for ${what}; the last look gave ${inspect(value)}`);
    await delay(INTERVAL);
  }
}
