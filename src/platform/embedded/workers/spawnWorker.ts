import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { endFirstWhenMemoryRunsOut } from '../memory/oomScore.ts';
import { type Exit, exitOf } from '../processes/processEnd.ts';

export interface WorkerCommand {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A worker's process and its pipes. */
export interface SpawnedWorker {
  readonly child: ChildProcess;
  /** Takes frames. */
  readonly input: Duplex;
  /** Gives frames. */
  readonly output: Duplex;
  readonly exited: Promise<Exit>;
}

/**
 * Starts a worker's process (docs/function-package.md, Worker process). One that cannot be started has ended.
 * @param pipeGrace see EmbeddedTimes
 */
export function spawnWorker({ command, args, cwd, env }: WorkerCommand, pipeGrace: number): SpawnedWorker {
  const child = spawn(command, args, {
    cwd,
    env,
    // 3: frames in, 4: frames out, 5: lifeline.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: processes that a handler starts end with it, and Ctrl+C in the server's terminal does not
    // reach it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  endFirstWhenMemoryRunsOut(child.pid);
  const input = child.stdio[3] as Duplex;
  // Writing to a worker that has just died fails. Its end is reported by `exited`.
  for (const pipe of child.stdio) pipe?.on('error', () => input.destroy());
  return { child, input, output: child.stdio[4] as Duplex, exited: exitOf(child, pipeGrace) };
}
