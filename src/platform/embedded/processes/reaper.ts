import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { messageOf } from '../../../shared/errors.ts';
import { packageRoot } from '../../../shared/packageRoot.ts';
import { endMarked } from './markedProcesses.ts';
import { NODE_ENVIRONMENT } from './nodeEnvironment.ts';

/** One function's processes, or one build's. */
export interface Part {
  /** For the environment of everything that is started, which passes it on to what it starts itself. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends what is left of it, also daemons in sessions of their own. Linux only: elsewhere it does nothing. */
  end(): Promise<void>;
}

/** A reaper that lives for less than this, in milliseconds, may be one that cannot run at all. */
const LEAST_LIFE = 1000;
/** After this many short lives in a row, none is started before the next part. */
const SHORT_LIVES = 3;

/**
 * Ends what left the process groups of workers and build commands: daemons that a Task starts in sessions of their own.
 * Those of a part end with the part. The rest ends with the server, by a small process of its own
 * (dispatcher/processes/reaper.cjs), because a server that is killed can do nothing any more. Processes are found by a
 * mark in their environment, which only Linux shows.
 */
export class Reaper {
  readonly #mark = randomUUID();
  readonly #node: string;
  readonly #report: (message: string) => void;
  #child: ChildProcess | undefined;
  #shortLives = 0;
  #parts = 0;
  #closed = false;

  /** @param node the Node.js that runs it */
  constructor(node: string, report: (message: string) => void) {
    this.#node = node;
    this.#report = report;
  }

  /** @throws Error when the reaper is closed: nothing may be started that it would not end */
  newPart(): Part {
    if (this.#closed) throw new Error('The platform is closed: no process may be started');
    this.#start();
    this.#parts += 1;
    const mark = `${this.#mark}/${this.#parts}/`;
    return { variables: { FUSIONIZER_RUN: mark }, end: () => this.#end(mark) };
  }

  /** Ends what is left of all parts, then the reaper's process. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === undefined) return;
    await this.#end(this.#mark);
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    // It was not to keep this process alive before. It looks once more, and ends when nothing is left.
    child.ref();
    child.stdin?.end('closed\n');
    await gone;
  }

  async #end(mark: string): Promise<void> {
    if (process.platform !== 'linux') return;
    try {
      await endMarked(`FUSIONIZER_RUN=${mark}`);
    } catch (error) {
      this.#report(`Processes that a Task left running may still run: ${messageOf(error)}`);
    }
  }

  #start(): void {
    if (this.#child !== undefined || process.platform !== 'linux') return;
    const began = performance.now();
    const script = path.join(packageRoot(), 'dispatcher', 'processes', 'reaper.cjs');
    const child = spawn(this.#node, [script, this.#mark], {
      env: { ...NODE_ENVIRONMENT },
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl+C in the server's terminal is not for it.
      detached: true,
    });
    this.#child = child;
    let failure: string | undefined;
    child.on('error', (error) => {
      failure = error.message;
    });
    // A process that has just died cannot be written to. Its end is handled below.
    child.stdin?.on('error', () => {});
    child.on('close', (code, signal) => {
      this.#child = undefined;
      if (this.#closed) return;
      failure ??= `its reaper ended with ${signal ?? `exit status ${code}`}`;
      this.#shortLives = performance.now() - began < LEAST_LIFE ? this.#shortLives + 1 : 0;
      if (this.#shortLives < SHORT_LIVES) {
        this.#start();
        return;
      }
      this.#shortLives = 0;
      this.#report(`Processes that Tasks start in sessions of their own may not end with the server: ${failure}`);
    });
    child.unref();
    (child.stdin as unknown as { unref(): void } | null)?.unref();
  }
}
