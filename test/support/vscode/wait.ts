import { setTimeout as delay } from 'node:timers/promises';

/**
 * What VS Code does in answer to a user takes well below a second; the rest is for machines that are busy with other
 * tests.
 */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/**
 * Waits until a condition returns a result.
 * @param what names the condition in the error
 * @param condition undefined, false, or an exception: not yet
 * @param timeout in milliseconds
 */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeout = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    let last: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`Waited ${timeout / 1000} s for ${what}, in vain`, { cause: last });
    await delay(POLL_MS);
  }
}

/** Whether a promise settles in time. Leaves no timer behind. */
export async function settlesWithin(promise: Promise<unknown>, timeout: number): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(timeout, false, { signal: patience.signal }).catch(() => false);
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    patience.abort();
  }
}

/** Matches a whole text, trimmed, or a regular expression. */
export function exactly(text: string | RegExp): RegExp {
  return text instanceof RegExp ? text : new RegExp(`^\\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
