/**
 * The largest Task. The server refuses more, so that one upload does not fill its disk. Clients refuse it before they
 * send it.
 */
export const TASK_LIMITS = {
  /** Files and folders. */
  entries: 15_000,
  /** Of all files together, unpacked, in bytes. */
  bytes: 512 * 1024 ** 2,
} as const;
