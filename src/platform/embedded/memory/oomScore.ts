import { writeFileSync } from 'node:fs';

/** The highest: https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html */
const FIRST = '1000';

/**
 * When Linux runs out of memory, it ends this process before others: a worker, not the server or the user's editor.
 * What it starts inherits that. Raising the score needs no privilege.
 */
export function endFirstWhenMemoryRunsOut(pid: number | undefined): void {
  if (process.platform !== 'linux' || pid === undefined) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST);
  } catch (error) {
    // Ended already, or a /proc that cannot be written, as in some sandboxes: then it is the kernel's choice.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
