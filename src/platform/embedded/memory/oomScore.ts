import { writeFileSync } from 'node:fs';

/** The highest score: https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html */
const FIRST = '1000';

/**
 * When Linux runs out of memory, it ends this process before others: a worker, not the server or the user's editor.
 * Processes that it starts inherit the score. Raising it needs no privilege.
 */
export function endFirstWhenMemoryRunsOut(pid: number | undefined): void {
  if (process.platform !== 'linux' || pid === undefined) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST);
  } catch (error) {
    // The process has ended, or /proc cannot be written, as in some sandboxes. Then the kernel chooses.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
