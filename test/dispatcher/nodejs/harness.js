'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const DISPATCHER = path.resolve(__dirname, '../../../dispatcher/nodejs');

/** How long a condition may take, in ms, before a test fails instead of hanging. */
const PATIENCE = 10_000;

/**
 * Writes a function package as the Fuser would.
 * @param {Record<string, {files: Record<string, string>, handler?: string, triggers?: Record<string, string>}>} tasks
 * @returns {string} the build folder
 */
function writePackage(tasks) {
  const build = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'fusionizer-node-'));
  const entries = Object.entries(tasks).map(([name, { files, handler = 'main:handler', triggers = {} }]) => {
    for (const [file, text] of Object.entries(files)) {
      const full = path.join(build, 'tasks', name, file);
      fs.mkdirSync(path.dirname(full), { recursive: true });
      fs.writeFileSync(full, text);
    }
    return { name, dir: `tasks/${name}`, handler, triggers };
  });
  fs.writeFileSync(
    path.join(build, 'fusionizer.json'),
    JSON.stringify({ version: 1, runtime: 'nodejs', group: Object.keys(tasks), tasks: entries }),
  );
  fs.writeFileSync(
    path.join(build, 'fusionizer_entry.js'),
    "module.exports = require(process.env.FUSIONIZER_DISPATCHER || './fusionizer_dispatcher').entry(__dirname);\n",
  );
  return build;
}

/** A real worker process with real pipes; this side plays the server. */
class Worker {
  logs = [];
  traces = [];
  stdout = '';
  stderr = '';
  failed = null;
  started = false;
  unfinished = [];
  exit = null;
  answers = [];
  #waiters = new Set();
  #rest = Buffer.alloc(0);

  constructor(tasks, env = {}) {
    this.build = writePackage(tasks);
    this.process = spawn(process.execPath, [path.join(DISPATCHER, 'worker.js'), this.build], {
      cwd: this.build,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, FUSIONIZER_DISPATCHER: path.join(DISPATCHER, 'fusionizer_dispatcher'), ...env },
    });
    const [, out, err, input, output, lifeline] = this.process.stdio;
    this.input = input;
    this.lifeline = lifeline;
    // A worker that has ended breaks its pipes; what it said and its exit are what tests look at.
    input.on('error', () => {});
    lifeline.on('error', () => {});
    out.on('data', (text) => {
      this.stdout += text;
      this.#changed();
    });
    err.on('data', (text) => {
      this.stderr += text;
      this.#changed();
    });
    output.on('data', (chunk) => this.#read(chunk));
    this.process.on('close', (code, signal) => {
      this.exit = { code, signal };
      this.#changed();
    });
  }

  /** Resolves when the worker serves. */
  async ready() {
    await this.until(() => this.started || this.failed || this.exit);
    if (!this.started) throw new Error(`The worker did not start: ${JSON.stringify(this.failed)} ${this.stderr}`);
    return this;
  }

  /** Sends an event and waits for its answer. */
  async invoke(event = {}, body = '') {
    const expected = this.answers.length + 1;
    this.send(event, body);
    await this.until(() => this.answers.length >= expected || this.exit);
    if (this.answers.length < expected) throw new Error(`The worker ended without an answer: ${this.stderr}`);
    return this.answers[expected - 1];
  }

  send(event = {}, body = '') {
    const bytes = Buffer.from(body);
    const meta = Buffer.from(JSON.stringify({ ...defaultEvent(), ...event, headers: { ...event.headers } }));
    const head = Buffer.alloc(9);
    head.writeUInt32BE(5 + meta.length + bytes.length, 0);
    head.write('E', 4);
    head.writeUInt32BE(meta.length, 5);
    this.input.write(Buffer.concat([head, meta, bytes]));
  }

  until(condition) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Waited in vain for ${condition}; ${this.stderr}`)), PATIENCE);
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }

  /** Ends the worker as the server does, and removes its files. */
  async close() {
    this.input.end();
    if (!this.exit) {
      await Promise.race([this.until(() => this.exit), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
      this.lifeline.destroy();
      await this.until(() => this.exit);
    }
    fs.rmSync(this.build, { recursive: true, force: true });
  }

  #read(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32BE(0)) {
      const end = 4 + this.#rest.readUInt32BE(0);
      this.#frame(this.#rest.subarray(4, end));
      this.#rest = this.#rest.subarray(end);
    }
    this.#changed();
  }

  #frame(frame) {
    const type = String.fromCharCode(frame[0]);
    if (type === 'S') this.started = true;
    else if (type === 'U') this.unfinished.push(frame.toString('utf8', 1));
    else if (type === 'F') this.failed = JSON.parse(frame.subarray(1));
    else if (type === 'L') this.logs.push(JSON.parse(frame.subarray(1)));
    else if (type === 'T') this.traces.push(JSON.parse(frame.subarray(1)));
    else if (type === 'R') {
      const end = 5 + frame.readUInt32BE(1);
      const [status, contentType, headers] = JSON.parse(frame.subarray(5, end));
      this.answers.push({ status, contentType, headers, body: frame.subarray(end), text: frame.toString('utf8', end) });
    } else throw new Error(`Unknown frame ${type}`);
  }

  #changed() {
    for (const check of this.#waiters) check();
  }
}

function defaultEvent() {
  return {
    id: 'e-1',
    method: 'GET',
    path: '/',
    fields: {},
    content_type: '',
    timestamp: 1732170000,
    trigger: { kind: 'http', name: 'default-http' },
    worker_id: 0,
  };
}

/**
 * Starts a worker that ends with the test.
 * @param {import('node:test').TestContext} t
 */
async function startWorker(t, tasks, env) {
  const worker = new Worker(tasks, env);
  t.after(() => worker.close());
  return worker.ready();
}

/** One Task, `main`, with this source. */
function task(source, more = {}) {
  return { files: { 'main.js': source }, ...more };
}

/**
 * A real server; it ends with the test.
 * @param {import('node:test').TestContext} t
 * @param {(request: http.IncomingMessage & {text: string}, response: http.ServerResponse) => void} handle
 * @returns {Promise<{url: string, port: number, requests: object[]}>}
 */
async function startServer(t, handle) {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The client has given up.
    }
    request.bytes = Buffer.concat(chunks);
    request.text = request.bytes.toString();
    requests.push(request);
    handle(request, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}`, port, requests };
}

module.exports = { Worker, startWorker, startServer, task, writePackage, DISPATCHER };
