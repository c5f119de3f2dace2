import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { messageOf } from '../shared/errors.ts';
import { startFusionizerServer } from '../startServer.ts';

const PORT = 8000;
const HOST = '127.0.0.1';

/**
 * The demo's server. It has a thread of its own, which keeps the clients' work out of its figures and ends with the
 * demo, and a state folder of its own, away from the user's Tasks.
 */
export interface DemoServer {
  readonly address: URL;
  /** Whether the usual port was free. */
  readonly usualPort: boolean;
  /** Removed at the end. */
  readonly state: string;
  close(): Promise<void>;
}

const optionsSchema = z.object({ port: z.number(), state: z.string() });
const messageSchema = z.union([z.object({ address: z.string() }), z.object({ error: z.string() })]);
/** The thread's message when it has closed its server. */
const CLOSED = 'closed';

/** @param script the file that calls `serveInThread` when it is not the main thread */
export async function startServerThread(script: string): Promise<DemoServer> {
  const usualPort = await isFree(PORT);
  const state = await mkdtemp(path.join(tmpdir(), 'fusionizer-demo-'));
  const thread = new Worker(script, { workerData: { port: usualPort ? PORT : 0, state } });
  const [answer]: unknown[] = await once(thread, 'message');
  const message = messageSchema.parse(answer);
  const end = async (): Promise<void> => {
    await thread.terminate();
    await rm(state, { recursive: true, force: true });
  };
  if ('error' in message) {
    await end();
    throw new Error(message.error);
  }
  const close = async (): Promise<void> => {
    const closed = once(thread, 'message');
    thread.postMessage('close');
    await closed;
    // Timers of requests that were cut off must not keep the thread.
    await end();
  };
  return { address: new URL(message.address), usualPort, state, close };
}

/** The thread's side: serves until it gets a message. */
export async function serveInThread(): Promise<void> {
  const { port, state } = optionsSchema.parse(workerData);
  if (parentPort === null) throw new Error('serveInThread runs in a thread only');
  const closed = once(parentPort, 'message');
  try {
    const server = await startFusionizerServer({ host: HOST, port, state, folder: process.cwd(), grace: 0 });
    parentPort.postMessage({ address: server.address.href });
    await closed;
    await server.close();
    parentPort.postMessage(CLOSED);
  } catch (error) {
    parentPort.postMessage({ error: messageOf(error) });
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const listening = new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.once('listening', () => resolve(true));
  });
  probe.listen(port, HOST);
  const free = await listening;
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
}
