import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFusionizerServer } from '../../src/startServer.ts';
import { temporaryFolder } from './folder.ts';
import { usage } from './processes.ts';
import type { Files } from './server.ts';
import { multipart, request, zip } from './server.ts';

/** How long a server answered nobody, in milliseconds. */
export interface Waits {
  /**
   * The longest turn of the server's event loop, in CPU time of its main thread. Unlike time by the clock, it does not
   * depend on what else the machine does. Systems other than Linux do not tell, and it is 0.
   */
  readonly cpu: number;
  /** The longest wait for `/-/health`, by the clock. */
  readonly clock: number;
}

/** Milliseconds between two looks at the server's event loop, and between two questions for its health. */
const TURN_INTERVAL = 2;
const HEALTH_INTERVAL = 10;

/** A server in a process of its own, so that its memory can be measured, and its delays are not those of the test. */
export class ServerProcess {
  readonly url: URL;
  readonly #child: ChildProcess;

  readonly #ended: Promise<unknown>;

  private constructor(url: URL, child: ChildProcess, ended: Promise<unknown>) {
    this.url = url;
    this.#child = child;
    this.#ended = ended;
  }

  /**
   * @param patience with slow clients, in milliseconds
   * @param state its folder; default: a new one
   */
  static async start(
    test: { after(fn: () => Promise<void>): void },
    patience: number,
    state?: string,
  ): Promise<ServerProcess> {
    state ??= await temporaryFolder(test);
    const args = ['--import', 'tsx', fileURLToPath(import.meta.url), state, String(patience)];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
    const ended = once(child, 'exit');
    test.after(async () => {
      child.stdin?.end();
      await ended;
    });
    const [address] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    return new ServerProcess(new URL(String(address)), child, ended);
  }

  /** Ends it as kill -9 does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** In bytes. */
  async memory(): Promise<number> {
    return (await usage(this.#child.pid ?? 0))?.memory ?? 0;
  }

  async deploy(name: string, files: Files): Promise<void> {
    const form = multipart(await zip(files));
    const answer = await request(this.url, `/${name}`, { method: 'PUT', ...form });
    if (answer.status !== 200) throw new Error(`deploy of ${name}: ${answer.status} ${answer.text}`);
  }

  /** How long the server takes to answer that it is there, in milliseconds. */
  async delay(agent?: http.Agent): Promise<number> {
    const began = performance.now();
    await request(this.url, '/-/health', agent ? { agent } : {});
    return performance.now() - began;
  }

  /** Asks for the server's health, on a connection of its own, while something is done with it. */
  async during<T>(work: Promise<T>): Promise<{ result: T; waits: Waits }> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let clock = 0;
    let done = false;
    await this.#longestTurn();
    const asking = (async () => {
      for (; !done; await delay(HEALTH_INTERVAL)) clock = Math.max(clock, await this.delay(agent));
    })();
    try {
      const result = await work;
      return { result, waits: { cpu: await this.#longestTurn(), clock } };
    } finally {
      done = true;
      await asking;
      agent.destroy();
    }
  }

  /** The longest turn of the event loop since the last time this was asked. */
  async #longestTurn(): Promise<number> {
    this.#child.send('longest turn');
    const [longest] = (await once(this.#child, 'message')) as [number];
    return longest;
  }
}

/** CPU time of the main thread so far, in milliseconds. */
function cpuTime(): number {
  if (process.platform !== 'linux') return 0;
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** Notes the longest turn of this process's event loop. Timers run once in each turn. */
function watchTurns(): void {
  let longest = 0;
  let before = cpuTime();
  const look = (): void => {
    const now = cpuTime();
    longest = Math.max(longest, now - before);
    before = now;
  };
  setInterval(look, TURN_INTERVAL).unref();
  process.on('message', () => {
    look();
    process.send?.(longest);
    longest = 0;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , state = '', patience] = process.argv;
  const server = await startFusionizerServer({ port: 0, state, patience: Number(patience), grace: 0 });
  watchTurns();
  process.stdout.write(server.address.href);
  process.stdin.resume().once('end', async () => {
    await server.close();
    process.disconnect?.();
  });
}
