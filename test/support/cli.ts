import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  /** The contents of stdin. By default it is empty, as in a script without input. */
  input?: string | Buffer;
  env?: NodeJS.ProcessEnv;
}

/** A command that runs as a process of its own. */
export class CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(child, 'close').then(([code]) => ({ code, stdout: this.stdout, stderr: this.stderr }));
  }

  /** Waits for text on either stream. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`${pattern} in the output`, () => {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (match === null && this.child.exitCode !== null)
        throw new Error(`It ended with ${this.child.exitCode} before ${pattern}:\n${this.stdout}${this.stderr}`);
      return match;
    });
  }
}

/** The command line, bundled as for a user, with a folder, a home and servers of its own. */
export class CliHarness {
  /** A temporary folder; the default working directory of commands. */
  readonly dir: string;
  readonly #bundleDir: string;
  readonly #running = new Set<CliProcess>();
  /** The address of the server that was started last. Commands use it. */
  server = 'http://127.0.0.1:9';

  private constructor(dir: string, bundleDir: string) {
    this.dir = dir;
    this.#bundleDir = bundleDir;
  }

  static async create(): Promise<CliHarness> {
    // The bundle has to be below the package, because it searches for dispatcher/ in the folders above it.
    const bundleDir = path.join(root, 'dist', `test-${process.pid}`);
    const { bundleCli }: { bundleCli(outfile: string): Promise<void> } = await import(
      new URL('../../scripts/bundle.mjs', import.meta.url).href
    );
    await bundleCli(path.join(bundleDir, 'cli.cjs'));
    return new CliHarness(await mkdtemp(path.join(os.tmpdir(), 'fusionizer-cli-')), bundleDir);
  }

  /** Ends what still runs and removes all files. */
  async close(): Promise<void> {
    for (const { child, ended } of this.#running) {
      child.kill('SIGTERM');
      await ended;
    }
    await Promise.all([this.dir, this.#bundleDir].map((dir) => rm(dir, { recursive: true, force: true })));
  }

  start(args: readonly string[], { cwd = this.dir, input = '', env = {} }: RunOptions = {}): CliProcess {
    const child = spawn(process.execPath, [path.join(this.#bundleDir, 'cli.cjs'), ...args], {
      cwd,
      env: {
        PATH: process.env['PATH'],
        HOME: this.dir,
        XDG_STATE_HOME: path.join(this.dir, 'state-home'),
        FUSIONIZER_URL: this.server,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      // Most commands do not read their stdin.
      if (error.code !== 'EPIPE') throw error;
    });
    child.stdin.end(input);
    const running = new CliProcess(child);
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return running;
  }

  run(args: readonly string[], options?: RunOptions): Promise<CliResult> {
    return this.start(args, options).ended;
  }

  /** Starts a server on a free port, with a state folder of its own unless `args` name one. */
  async serve(args: readonly string[] = [], options?: RunOptions): Promise<CliProcess> {
    const state = args.includes('--state') ? [] : ['--state', await mkdtemp(path.join(this.dir, 'state-'))];
    const server = this.start(['serve', '--port', '0', ...state, ...args], options);
    [, this.server = ''] = await server.until(/^Fusionizer is ready at (\S+)$/m);
    return server;
  }

  /** Writes files below the harness's folder, and creates their folders. */
  async write(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.dir, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }

  /** Writes the folder of a Node.js Task. The Task's name is the last part of `name`. */
  async writeTask(name: string, handler: string, build: readonly string[] = []): Promise<void> {
    const commands =
      build.length === 0
        ? ''
        : `  build:\n    commands:\n${build.map((command) => `      - ${JSON.stringify(command)}\n`).join('')}`;
    await this.write({
      [`${name}/function.yaml`]: [
        `metadata:\n  name: ${path.basename(name)}\n`,
        `spec:\n  runtime: nodejs\n  handler: main:handler\n${commands}`,
      ].join(''),
      [`${name}/main.js`]: handler,
    });
  }
}
