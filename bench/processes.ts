import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../src/shared/packageRoot.ts';

export interface Running {
  url: string;
  stop(): Promise<void>;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The process has no stdout');
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The process ended with ${code} before it was ready`)),
    ),
  ])) as [string];
  return line;
}

/**
 * Starts the server as users run it: the built command line, as a process of its own.
 * @param options of `serve`
 */
export async function startServer(options: readonly string[] = []): Promise<Running> {
  const state = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-bench-'));
  const child = spawn(
    process.execPath,
    [path.join(packageRoot(), 'dist', 'cli.cjs'), 'serve', '--port', '0', '--state', state, ...options],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [url] = /http:\/\/\S+/.exec(await firstLine(child)) ?? [];
  if (url === undefined) throw new Error('The server printed no address');
  return {
    url: url.replace(/\/$/, ''),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(state, { recursive: true, force: true });
    },
  };
}

export async function startFloor(runtime: string, workers: number): Promise<Running> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(packageRoot(), 'bench', 'floor.ts'), runtime, String(workers)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const port = await firstLine(child);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}
