import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

/** What Linux tells about processes; other systems tell nothing, and the checks that need it are left to Linux. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly cwd: string;
}

export const canSeeProcesses = process.platform === 'linux';

/** All processes that may be looked into. */
export async function processes(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // One that ends meanwhile is not there.
      const [command, stat, cwd] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''),
        readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      const parent = Number(stat.replace(/^.*\) /s, '').split(' ')[1]);
      return { pid: Number(pid), parent, command: command.replaceAll('\0', ' '), cwd };
    }),
  );
  return found.filter(({ command }) => command !== '');
}

/** Whether a process comes from another one, or is it. */
export function descends(info: ProcessInfo, from: number, all: readonly ProcessInfo[]): boolean {
  for (let one: ProcessInfo | undefined = info; one; one = all.find(({ pid }) => pid === one?.parent))
    if (one.pid === from) return true;
  return false;
}

/** Resident memory in bytes, and open file descriptors; undefined when the process has ended. */
export async function usage(pid: number): Promise<{ memory: number; files: number } | undefined> {
  try {
    const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'latin1'), readdir(`/proc/${pid}/fd`)]);
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : { memory: Number(kilobytes) * 1024, files: files.length };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Whether a process is there; a dead one that its parent has not heard of counts as gone, where the system tells. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !canSeeProcesses || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
