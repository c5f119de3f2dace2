import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { MemoryReader } from './memoryReader.ts';

const INTERVAL = 100;
const KIB = 1024;

/**
 * Reads /proc. It counts the memory that counts against a container's limit and cannot be reclaimed: anonymous and
 * shared memory, also when it is swapped out. Mapped files (programs, libraries) do not count.
 * https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function linuxMemory(): MemoryReader {
  /** Process groups by process id. A worker leads a group, and the processes that it starts belong to it. */
  let groups = new Map<string, number>();

  /** @returns the processes of these groups */
  const members = (leaders: ReadonlySet<number>): [pid: string, group: number][] => {
    const found = new Map<string, number>();
    for (const pid of readdirSync('/proc')) {
      if (pid.charCodeAt(0) > 0x39) continue;
      // A process is looked up once. It still counts if it leaves the group later.
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
    // The thread pool would take longer than the kernel does.
    read: (workers) =>
      sum(workers, 'status', /^(?:RssAnon|RssShmem|VmSwap):\s+(\d+)/gm, (path) => readFileSync(path, 'latin1')),
    // This file makes the kernel walk all pages.
    readExactly: (workers) =>
      sum(workers, 'smaps_rollup', /^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+)/gm, (path) => readFile(path, 'latin1')),
  };
}

function groupOf(pid: string): number | undefined {
  try {
    // The command, which may contain spaces, and the field before it are cut off. State, parent and group follow.
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

/** It has ended meanwhile, or belongs to another user. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))
  );
}
