import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './errors.ts';

/** The delay between two attempts to cancel an operation that the server does not know yet, in milliseconds. */
const RETRY = 50;

/**
 * Runs a request that starts an operation, so that `signal` cancels the operation and not just the wait for it. A
 * request that is not completely sent yet is aborted. Otherwise the server answers it: with 409 `cancelled`, or with
 * success if the cancellation came too late.
 * @param cancel cancels the operation; returns false if the server does not know it yet, because the request is still
 *   on its way
 * @throws ClientError `cancelled`, or what `request` throws
 */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  request: (abort: AbortSignal, sent: () => void) => Promise<T>,
  cancel: () => Promise<boolean>,
): Promise<T> {
  const abort = new AbortController();
  let sent = false;
  let settled = false;
  const end = (): void =>
    abort.abort(
      new ClientError({
        code: 'cancelled',
        status: 0,
        detail: 'Cancelled before the request was completely sent: nothing was changed',
      }),
    );
  const onAbort = async (): Promise<void> => {
    try {
      while (sent && !settled && !(await cancel())) await delay(RETRY);
      if (!sent) end();
    } catch (error) {
      // If the server cannot be asked to cancel, it will not answer the request either.
      abort.abort(error);
    }
  };
  const listener = (): void => void onAbort();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', listener, { once: true });
  try {
    return await request(abort.signal, () => {
      sent = true;
    });
  } finally {
    settled = true;
    signal?.removeEventListener('abort', listener);
  }
}
