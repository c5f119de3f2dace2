import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startFusionizerServer } from '../../src/startServer.ts';
import { temporaryFolder } from './folder.ts';
import { usage } from './processes.ts';
import type { Files } from './server.ts';
import { multipart, request, zip } from './server.ts';

/** A server in a process of its own, so that its memory can be measured, and its delays are not those of the test. */
export class ServerProcess {
  readonly url: URL;
  readonly #pid: number;

  private constructor(url: URL, pid: number) {
    this.url = url;
    this.#pid = pid;
  }

  /** @param patience with slow clients, in milliseconds */
  static async start(test: TestContext, patience: number): Promise<ServerProcess> {
    const state = await temporaryFolder(test);
    const args = ['--import', 'tsx', fileURLToPath(import.meta.url), state, String(patience)];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    test.after(async () => {
      child.stdin?.end();
      await ended;
    });
    const [address] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    return new ServerProcess(new URL(String(address)), child.pid ?? 0);
  }

  /** In bytes. */
  async memory(): Promise<number> {
    return (await usage(this.#pid))?.memory ?? 0;
  }

  async deploy(name: string, files: Files): Promise<void> {
    const form = multipart(await zip(files));
    const answer = await request(this.url, `/${name}`, { method: 'PUT', ...form });
    if (answer.status !== 200) throw new Error(`deploy of ${name}: ${answer.status} ${answer.text}`);
  }

  /** How long the server takes to answer that it is there, in milliseconds. */
  async delay(): Promise<number> {
    const began = performance.now();
    await request(this.url, '/-/health');
    return performance.now() - began;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , state = '', patience] = process.argv;
  const server = await startFusionizerServer({ port: 0, state, patience: Number(patience), grace: 0 });
  process.stdout.write(server.address.href);
  process.stdin.resume().once('end', () => server.close());
}
