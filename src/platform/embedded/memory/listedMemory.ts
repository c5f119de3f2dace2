import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MemoryReader } from './memoryReader.ts';

const run = promisify(execFile);
const KIB = 1024;

/** macOS and other Unix systems: one `ps` for all workers. It counts resident memory, with mapped files. */
export function psMemory(): MemoryReader {
  return listed(500, async () => parsePs((await run('ps', ['-A', '-o', 'pgid=,rss='])).stdout));
}

/** Windows: one `tasklist` for all workers. It counts a worker's own process, not the processes that it started. */
export function tasklistMemory(): MemoryReader {
  return listed(2000, async () =>
    parseTasklist((await run('tasklist', ['/FO', 'CSV', '/NH'], { windowsHide: true })).stdout),
  );
}

/** @returns bytes by process group */
export function parsePs(text: string): Map<number, number> {
  const use = new Map<number, number>();
  for (const [, group, kib] of text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm))
    use.set(Number(group), (use.get(Number(group)) ?? 0) + Number(kib) * KIB);
  return use;
}

/**
 * @param text lines like `"node.exe","4242","Console","1","45.678 K"`; the separator of digits depends on the locale
 * @returns bytes by process id
 */
export function parseTasklist(text: string): Map<number, number> {
  const use = new Map<number, number>();
  for (const [, pid, size = ''] of text.matchAll(/^"[^"]*","(\d+)","[^"]*","\d+","([^"]*)"/gm))
    use.set(Number(pid), Number(size.replace(/\D/g, '')) * KIB);
  return use;
}

function listed(interval: number, list: () => Promise<Map<number, number>>): MemoryReader {
  const read = async (workers: readonly number[]): Promise<Map<number, number>> => {
    const use = await list();
    return new Map(
      workers.flatMap((worker) => {
        const bytes = use.get(worker);
        return bytes === undefined ? [] : [[worker, bytes] as const];
      }),
    );
  };
  return { interval, read, readExactly: read };
}
