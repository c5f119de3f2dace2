import { readdir, readFile } from 'node:fs/promises';

/** Errors for a process that has ended meanwhile or belongs to another user. */
const NOT_OURS = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** Code that starts processes faster than this ends them is left to the reaper. */
const MAX_LOOKS = 50;

/**
 * Ends all processes that have `entry` (a name and the beginning of a value) in their environment, and the processes
 * that these start meanwhile. Linux only.
 */
export async function endMarked(entry: string): Promise<void> {
  const mark = Buffer.from(entry);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const found = await marked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

async function marked(mark: Buffer): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A zombie, which has ended but was not waited for, has an empty environment.
      const environment = await readFile(`/proc/${pid}/environ`).catch(ifNotOurs);
      return environment?.includes(mark) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    ifNotOurs(error);
  }
}

function ifNotOurs(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && NOT_OURS.has(error.code)) return;
  throw error;
}
