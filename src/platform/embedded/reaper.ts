import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { packageRoot } from '../../core/packageRoot.ts';

/**
 * Ends, when the server is gone, also what left the process groups of its workers and build commands: daemons that a Task starts in a session of
 * their own. A small process of its own waits for that (dispatcher/reaper.cjs), since a server that is killed can do nothing any more. Linux only:
 * other systems do not show a process's environment, by which it is known.
 */
export class Reaper {
  /** For the environment of everything that is started: what it starts inherits them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #mark = randomUUID();
  readonly #node: string;
  readonly #report: (message: string) => void;
  #started = false;

  /** @param node the Node.js that runs it */
  constructor(node: string, report: (message: string) => void) {
    this.#node = node;
    this.#report = report;
    this.variables = { FUSIONIZER_RUN: this.#mark };
  }

  /** To be called before anything is started; does nothing after the first time. */
  start(): void {
    if (this.#started || process.platform !== 'linux') return;
    this.#started = true;
    const child = spawn(this.#node, [path.join(packageRoot(), 'dispatcher', 'reaper.cjs'), this.#mark], {
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl+C in the server's terminal is not for it.
      detached: true,
    });
    child.on('error', (error) => this.#report(`Processes that Tasks start in sessions of their own will not end with the server: ${error.message}`));
    child.unref();
    (child.stdin as unknown as { unref(): void } | null)?.unref();
  }
}
