import type { ChildProcess } from 'node:child_process';
import { killGroup } from './processGroup.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The process could not be started. */
  readonly error?: Error;
}

/**
 * Resolves when a process that leads a group of its own has ended. What it left in the group is ended too.
 * @param pipeGrace how long its output is waited for then, in milliseconds
 */
export function exitOf(child: ChildProcess, pipeGrace: number): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('exit', (code, signal) => {
      // What the process started and left behind goes with it. What escaped the group may keep the pipes open, so the
      // wait for the output has an end.
      killGroup(child.pid);
      setTimeout(() => resolve({ code, signal }), pipeGrace).unref();
    });
  });
}
