import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { packageRoot } from '../../../shared/packageRoot.ts';
import { endMarked } from './markedProcesses.ts';
import { NODE_ENVIRONMENT } from './nodeEnvironment.ts';

/** One function's processes, or one build's. */
export interface Part {
  /** For the environment of everything that is started: what it starts inherits them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends what is left of it, daemons in sessions of their own too. Linux only: elsewhere it does nothing. */
  end(): Promise<void>;
}

/**
 * Ends what left the process groups of workers and build commands: daemons that a Task starts in a session of their
 * own. A part's are ended with the part; all of them when the server is gone, by a small process of its own
 * (dispatcher/processes/reaper.cjs), since a server that is killed can do nothing any more. Linux only: other systems
 * do not show a process's environment, by which it is known.
 */
export class Reaper {
  readonly #mark = randomUUID();
  readonly #node: string;
  readonly #report: (message: string) => void;
  #started = false;
  #parts = 0;

  /** @param node the Node.js that runs it */
  constructor(node: string, report: (message: string) => void) {
    this.#node = node;
    this.#report = report;
  }

  newPart(): Part {
    this.#start();
    this.#parts += 1;
    const mark = `${this.#mark}/${this.#parts}/`;
    return {
      variables: { FUSIONIZER_RUN: mark },
      end: async () => {
        if (process.platform === 'linux')
          await endMarked(`FUSIONIZER_RUN=${mark}`).catch((error: Error) =>
            this.#report(`What a Task left running may still run: ${error.message}`),
          );
      },
    };
  }

  #start(): void {
    if (this.#started || process.platform !== 'linux') return;
    this.#started = true;
    const child = spawn(this.#node, [path.join(packageRoot(), 'dispatcher', 'processes', 'reaper.cjs'), this.#mark], {
      env: { ...NODE_ENVIRONMENT },
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl+C in the server's terminal is not for it.
      detached: true,
    });
    child.on('error', (error) =>
      this.#report(
        `Processes that Tasks start in sessions of their own will not end with the server: ${error.message}`,
      ),
    );
    child.unref();
    (child.stdin as unknown as { unref(): void } | null)?.unref();
  }
}
