import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { settlesWithin, waitFor } from './wait.ts';

/**
 * What a VS Code has for itself below one folder: settings, extensions, logs, and all that it would otherwise put into
 * the user's home.
 */
export class CodeServerHome {
  readonly dir: string;
  readonly #entry: string;

  private constructor(dir: string, entry: string) {
    this.dir = dir;
    this.#entry = entry;
  }

  static async create(dir: string, settings: string): Promise<CodeServerHome> {
    const script = new URL('../../../scripts/codeServer.mjs', import.meta.url).href;
    const { codeServerEntry, codeServerIsInstalled }: { codeServerEntry: string; codeServerIsInstalled(): boolean } =
      await import(script);
    if (!codeServerIsInstalled())
      throw new Error(
        'code-server is not installed yet: `node scripts/codeServer.mjs` installs it, and `npm test` does so too',
      );
    for (const name of ['data/User', 'extensions', 'xdg', 'run', 'tmp'])
      await mkdir(path.join(dir, name), { recursive: true });
    await writeFile(path.join(dir, 'data', 'User', 'settings.json'), settings);
    await writeFile(path.join(dir, 'config.yaml'), 'auth: none\ncert: false\n');
    return new CodeServerHome(dir, codeServerEntry);
  }

  async installExtension(vsix: string): Promise<void> {
    await promisify(execFile)(process.execPath, [...this.#args(), '--install-extension', vsix], {
      env: this.environment(),
    });
  }

  async start(port: number, options: readonly string[], extra: NodeJS.ProcessEnv): Promise<CodeServer> {
    const args = [
      ...this.#args(),
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--bind-addr',
      `127.0.0.1:${port}`,
    ];
    // A process group of its own, to end it whole.
    const child = spawn(process.execPath, [...args, ...options], {
      env: this.environment(extra),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return CodeServer.ready(child, port);
  }

  /**
   * For VS Code and for the browser. Sockets have short paths: a longer one than about 100 characters cannot be made.
   */
  environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|PORT$|PASSWORD$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/.test(name),
    );
    const xdg = Object.fromEntries(
      ['CONFIG', 'DATA', 'CACHE', 'STATE'].map((kind) => [`XDG_${kind}_HOME`, path.join(this.dir, 'xdg')]),
    );
    const tmp = path.join(this.dir, 'tmp');
    return {
      ...Object.fromEntries(inherited),
      ...xdg,
      XDG_RUNTIME_DIR: path.join(this.dir, 'run'),
      TMPDIR: tmp,
      TEMP: tmp,
      TMP: tmp,
      ...extra,
    };
  }

  #args(): string[] {
    return [
      this.#entry,
      '--config',
      path.join(this.dir, 'config.yaml'),
      '--user-data-dir',
      path.join(this.dir, 'data'),
      '--extensions-dir',
      path.join(this.dir, 'extensions'),
    ];
  }
}

/** The server's process, with the extension hosts that it starts. */
export class CodeServer {
  readonly pid: number;
  readonly port: number;
  readonly #child: ChildProcess;
  /** A test process that is ended from outside, as one that takes too long, ends this too. */
  readonly #endWithUs = () => this.#signal('SIGKILL');
  readonly #terminated = () => process.exit(143);
  #log = '';

  private constructor(child: ChildProcess, port: number) {
    if (child.pid === undefined) throw new Error('code-server cannot be started');
    this.pid = child.pid;
    this.port = port;
    this.#child = child;
    process.once('exit', this.#endWithUs).once('SIGTERM', this.#terminated);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  static async ready(child: ChildProcess, port: number): Promise<CodeServer> {
    const server = new CodeServer(child, port);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const answers = waitFor(
      'code-server to answer',
      async () => child.exitCode !== null || (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
    );
    try {
      await Promise.race([answers, ended]);
      if (child.exitCode === null) return server;
    } catch (error) {
      await server.stop();
      throw new Error(`code-server does not answer:\n${server.#log}`, { cause: error });
    }
    // Ends everything that still waits.
    await answers;
    throw new Error(`code-server has ended:\n${server.#log}`);
  }

  /** Ends the server and all processes that it started. Those that do not end on SIGTERM are killed. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const ended = waitFor('code-server to end', () => !this.#signal(0), 15_000);
    if (!(await settlesWithin(ended, 5000))) this.#signal('SIGKILL');
    await ended;
    process.off('exit', this.#endWithUs).off('SIGTERM', this.#terminated);
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
  }

  get log(): string {
    return this.#log;
  }

  /** @returns whether any process of the group is left */
  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
      throw error;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
