import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import JSZip from 'jszip';
import type { LogRecord, SetupView, TaskView } from '../../src/shared/api.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { type FusionizerServer, type FusionizerServerOptions, startFusionizerServer } from '../../src/startServer.ts';

export type Files = Record<string, string | Uint8Array>;

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  text: string;
  json<T>(): T;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  agent?: http.Agent;
}

/** One request over real HTTP, path and headers exactly as given. */
export function request(url: URL, target: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      {
        host: url.hostname,
        port: url.port,
        path: target,
        method: options.method ?? 'GET',
        headers: options.headers,
        agent: options.agent,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          const text = body.toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            text,
            json: <T>(): T => JSON.parse(text),
          });
        });
      },
    );
    sent.on('error', reject);
    if (options.body !== undefined && options.headers?.['Content-Length'] === undefined)
      sent.setHeader('Content-Length', Buffer.byteLength(options.body));
    sent.end(options.body);
  });
}

export async function zip(files: Files): Promise<Buffer> {
  const archive = new JSZip();
  for (const [name, content] of Object.entries(files)) archive.file(name, content);
  return archive.generateAsync({ type: 'nodebuffer' });
}

/** All files below a folder, by relative path. */
export async function readFiles(dir: string): Promise<Files> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [path.relative(dir, file), await readFile(file)] as const)),
  );
}

/** A multipart body with one file. */
export function multipart(content: Uint8Array, field = 'zip_file'): { headers: Record<string, string>; body: Buffer } {
  const boundary = '----fusionizer-test';
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; ` +
    'filename="task.zip"\r\nContent-Type: application/zip\r\n\r\n';
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** A real server on a free port with a folder of its own, and short ways to ask it. */
export class TestServer {
  readonly state: string;
  server: FusionizerServer;
  readonly #options: Partial<FusionizerServerOptions>;

  private constructor(server: FusionizerServer, state: string, options: Partial<FusionizerServerOptions>) {
    this.server = server;
    this.state = state;
    this.#options = options;
  }

  /** Ends, and removes its folder, with the test; unless told otherwise, running events get no time to end. */
  static async start(
    test: TestContext | { after(fn: () => Promise<void>): void },
    options: Partial<FusionizerServerOptions> = {},
  ): Promise<TestServer> {
    const state = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-test-'));
    const server = await startFusionizerServer({ port: 0, state, grace: 0, ...options });
    const started = new TestServer(server, state, options);
    test.after(async () => {
      await started.server.close();
      await rm(state, { recursive: true, force: true });
    });
    return started;
  }

  /** Closes the server and starts another one on the same state. */
  async restart(): Promise<void> {
    await this.server.close();
    this.server = await startFusionizerServer({ port: 0, state: this.state, grace: 0, ...this.#options });
  }

  get url(): URL {
    return this.server.address;
  }

  request(target: string, options: RequestOptions = {}): Promise<Answer> {
    return request(this.url, target, options);
  }

  async put(name: string, files: Files, headers: Record<string, string> = {}): Promise<Answer> {
    const form = multipart(await zip(files));
    return this.request(`/${name}`, { method: 'PUT', headers: { ...form.headers, ...headers }, body: form.body });
  }

  /** @throws if the server refuses it */
  async deploy(name: string, files: Files): Promise<void> {
    const answer = await this.put(name, files);
    if (answer.status !== 200) throw new Error(`deploy of ${name}: ${answer.status} ${answer.text}`);
  }

  post(name: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(`/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  changeSetup(method: 'PUT' | 'PATCH', setup: Setup, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('/-/setup', {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(setup),
    });
  }

  async setup(): Promise<SetupView> {
    return (await this.request('/-/setup')).json<SetupView>();
  }

  async task(name: string): Promise<TaskView> {
    return (await this.request(`/-/tasks/${name}`)).json<TaskView>();
  }

  /** A Task's log records that the server keeps, the oldest first. */
  async logs(task: string): Promise<LogRecord[]> {
    const { text } = await this.request(`/-/tasks/${task}/logs`);
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogRecord]));
  }

  /** Groups with their members sorted, sorted: the order of groups means nothing. */
  async groups(): Promise<string[]> {
    return (await this.setup()).actual.map((group) => [...group].sort().join('+')).sort();
  }
}
