import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inspect } from 'node:util';
import { compileFunction } from 'node:vm';
import type { FunctionPackage } from '../../src/platform/platform.ts';
import type { LogRecord } from '../../src/shared/api.ts';
import { FusionizerError, messageOf } from '../../src/shared/errors.ts';

/** What a handler gets. */
export interface FakeEvent {
  method: string;
  path: string;
  fields: Record<string, string>;
  headers: Readonly<Record<string, unknown>>;
  body: Buffer;
  content_type: string;
  timestamp: Date;
  trigger: { kind: string; name: string };
  trace: string;
}

export interface FakeAnswer {
  status: number;
  headers: string[];
  body: string;
  /** The handler ended its worker with this exit status. */
  exited?: number;
}

interface Handlers {
  handler?(context: object, event: FakeEvent): unknown;
  initContext?(context: object): unknown;
}

export interface TaskListener {
  log(record: Omit<LogRecord, 'time' | 'function'>): void;
  exit(code: number): void;
}

/**
 * A Node.js Task that runs in this process: the code in its package, with a console, a process and timers that cannot
 * reach the test. So the same files run on the fake platform and in real workers.
 */
export class FakeTask {
  readonly #timers = new Set<NodeJS.Timeout>();
  #isEnded = false;
  readonly #module: { exports: Handlers } = { exports: {} };
  readonly #listener: TaskListener;
  readonly #name: string;
  readonly #file: string;
  /** Merged trigger name -> the Task's own. */
  readonly triggers: Readonly<Record<string, string>>;
  #exit: (code: number) => void = () => {};

  private constructor(name: string, file: string, triggers: Readonly<Record<string, string>>, listener: TaskListener) {
    this.#name = name;
    this.#file = file;
    this.triggers = triggers;
    this.#listener = listener;
  }

  static async read({ dir }: FunctionPackage, name: string, listener: TaskListener): Promise<FakeTask> {
    const manifest: { tasks: { name: string; dir: string; handler: string; triggers: Record<string, string> }[] } =
      JSON.parse(await readFile(path.join(dir, 'fusionizer.json'), 'utf8'));
    const entry = manifest.tasks.find((one) => one.name === name);
    if (!entry) throw new Error(`the package has no Task '${name}'`);
    const file = path.join(dir, entry.dir, `${entry.handler.split(':')[0]}.js`);
    return new FakeTask(name, file, entry.triggers, listener);
  }

  /** @throws FusionizerError `task` when the code fails */
  async start(): Promise<void> {
    try {
      this.#compile(await readFile(this.#file, 'utf8'), this.#file);
      await this.#module.exports.initContext?.(this.#context(null, () => {}));
      if (this.#module.exports.handler === undefined) throw new Error('there is no handler');
    } catch (error) {
      throw new FusionizerError('task', `Task '${this.#name}' cannot be started: ${messageOf(error)}`);
    }
  }

  #compile(code: string, file: string): void {
    const globals = {
      module: this.#module,
      exports: this.#module.exports,
      require: createRequire(file),
      __dirname: path.dirname(file),
      process: {
        env: process.env,
        exit: (status = 0) => {
          this.#exit(status);
          throw new Error(`exit status ${status}`);
        },
      },
      console: {
        log: (...values: unknown[]) => this.#print('stdout', values),
        error: (...values: unknown[]) => this.#print('stderr', values),
      },
      setTimeout: (run: () => void, milliseconds: number) => this.#keep(setTimeout(run, milliseconds)),
      setInterval: (run: () => void, milliseconds: number) => this.#keep(setInterval(run, milliseconds)),
      clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
      clearInterval: (timer: NodeJS.Timeout) => clearInterval(timer),
    };
    compileFunction(code, Object.keys(globals), { filename: file })(...Object.values(globals));
  }

  run(event: FakeEvent): Promise<FakeAnswer> {
    return new Promise((resolve) => {
      this.#exit = (exited) => {
        this.#listener.exit(exited);
        resolve({ status: 500, headers: [], body: `The worker ended (exit status ${exited})`, exited });
      };
      const fail = (error: unknown): void =>
        resolve({ status: 500, headers: [], body: `Exception caught in handler - ${messageOf(error)}` });
      const context = this.#context(event.trace, (value) => {
        const [status, body] = Array.isArray(value) ? value : [200, value];
        resolve({ status, headers: [], body: typeof body === 'string' ? body : JSON.stringify(body) });
      });
      (async () => this.#module.exports.handler?.(context, event))().catch(fail);
    });
  }

  /** Stops its timers, those that it may still make included. */
  end(): void {
    this.#isEnded = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #keep(timer: NodeJS.Timeout): NodeJS.Timeout {
    this.#timers.add(timer);
    if (this.#isEnded) clearTimeout(timer);
    return timer;
  }

  #context(trace: string | null, callback: (value: unknown) => void): object {
    const at =
      (level: LogRecord['level']) =>
      (message: string): void =>
        this.#listener.log({ level, message, with: {}, task: this.#name, trace, stream: 'log' });
    const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    return { callback, logger, userData: {} };
  }

  #print(stream: 'stdout' | 'stderr', values: unknown[]): void {
    const message = values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
    this.#listener.log({ level: 'info', message, with: {}, task: null, trace: null, stream });
  }
}
