import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { MemoryReader } from './memoryReader.ts';

const INTERVAL = 100;
const KIB = 1024;

/**
 * Reads /proc: what counts against a container's limit and cannot be given back, which is anonymous and shared memory,
 * also when it is swapped out. Files that are mapped (programs, libraries) do not count.
 * https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function linuxMemory(): MemoryReader {
  /** Process groups by process id. A worker leads a group; what it starts belongs to it. */
  let groups = new Map<string, number>();

  /** @returns the processes of these groups */
  const members = (leaders: ReadonlySet<number>): [pid: string, group: number][] => {
    const found = new Map<string, number>();
    for (const pid of readdirSync('/proc')) {
      if (pid.charCodeAt(0) > 0x39) continue;
      // A process id is looked up once: it may leave its group later, but it counts on.
      const group = leaders.has(Number(pid)) ? Number(pid) : (groups.get(pid) ?? groupOf(pid));
      if (group !== undefined) found.set(pid, group);
    }
    groups = found;
    return [...found].filter(([, group]) => leaders.has(group));
  };

  const sum = async (
    workers: readonly number[],
    file: string,
    fields: RegExp,
    readText: (path: string) => string | Promise<string>,
  ): Promise<Map<number, number>> => {
    const use = new Map<number, number>();
    for (const [pid, group] of members(new Set(workers))) {
      try {
        const text = await readText(`/proc/${pid}/${file}`);
        let bytes = 0;
        for (const [, kib] of text.matchAll(fields)) bytes += Number(kib) * KIB;
        use.set(group, (use.get(group) ?? 0) + bytes);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    return use;
  };

  return {
    interval: INTERVAL,
    // Not by the thread pool: that would take longer than the kernel does.
    read: (workers) =>
      sum(workers, 'status', /^(?:RssAnon|RssShmem|VmSwap):\s+(\d+)/gm, (path) => readFileSync(path, 'latin1')),
    // The kernel walks all pages for this one.
    readExactly: (workers) =>
      sum(workers, 'smaps_rollup', /^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+)/gm, (path) => readFile(path, 'latin1')),
  };
}

function groupOf(pid: string): number | undefined {
  try {
    // The command, which may hold spaces, and what is before it are cut off: state, parent, group follow.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[2],
    );
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Ended between two looks, or changing its user: another user's processes are not ours. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))
  );
}
