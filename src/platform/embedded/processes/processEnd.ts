import type { ChildProcess } from 'node:child_process';
import { killGroup } from './processGroup.ts';

/** The bare end of a process. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The process could not be made. */
  readonly error?: Error;
}

/** How long the prints of an ended process are waited for, in milliseconds. */
const PIPE_GRACE = 1000;

/** Resolves when a process that leads a group of its own has ended; all that it left in the group is ended too. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('exit', (code, signal) => {
      // What the process started and left behind goes with it. What escaped the group may keep the pipes open: do not
      // wait for that.
      killGroup(child.pid);
      setTimeout(() => resolve({ code, signal }), PIPE_GRACE).unref();
    });
  });
}
