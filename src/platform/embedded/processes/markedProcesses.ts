import { readdir, readFile } from 'node:fs/promises';

/** What may go wrong with a process that ended meanwhile, or is another user's. */
const NOT_OURS = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** What starts processes faster than this ends them is left to the server's end. */
const MAX_LOOKS = 50;

/**
 * Ends all processes that have `entry` (a name and a value's beginning) in their environment, and what those start
 * meanwhile. Linux only.
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
      // A process that has ended, but that nobody has waited for, has an empty environment.
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
