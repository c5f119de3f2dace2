import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './errors.ts';

/** Between two tries to cancel an operation that the server does not know yet, in milliseconds. */
const RETRY = 50;

/**
 * Runs a request that starts an operation, so that `signal` cancels the operation and not just the wait for it. A
 * request that was not sent whole is simply ended; one that was gets its answer from the server: 409 `cancelled`, or
 * success where the cancellation came too late.
 * @param cancel tells whether the server knows the operation: the request may still be on its way
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
        detail: 'Cancelled before all was sent; what served before still serves',
      }),
    );
  const onAbort = async (): Promise<void> => {
    try {
      while (sent && !settled && !(await cancel())) await delay(RETRY);
      if (!sent) end();
    } catch (error) {
      // The server that should cancel cannot be asked: nor will it answer the request.
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
