// Measures a local call of the Node.js Dispatcher, its floor, and an event in the worker. Prints medians in
// microseconds. documented_us: a call with headers, to port 8000 of a server that has another one, its text read, as
// the original's documentation writes it, of a Task that answers with a Response; documented_floor_us is its floor.
// floor_us: the JSON of request and answer, a Buffer for the request, and a call of the same handler. event_us:
// through the pipes of a real worker process. Many events are sent at once, so that the figure shows the cost of the
// worker and not that of waking processes.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RUNS = 15;
const CALLS = 20_000;
const EVENTS = 5_000;

const require = createRequire(import.meta.url);
const dispatcherDir = path.resolve(import.meta.dirname, '../dispatcher/nodejs');
const REQUEST = { order: 17, item: 'bicycle', tags: ['red', 'fast'], price: 249.5 };

const CALLEE = `exports.handler = (context, event) => {
  const { order, price } = JSON.parse(event.body.toString());
  context.callback({ order, total: price * 2, ok: true });
};`;
const ADD = `exports.handler = (context, event) => {
  const { order, price } = JSON.parse(event.body.toString());
  const body = JSON.stringify({ order, total: price * 2, ok: true });
  context.callback(new context.Response(body, {}, 'application/json', 200));
};`;
const CALLER = `exports.handler = async (context, event, session) => {
  const { calls, request, url, host } = event.bench;
  let last;
  if (host !== undefined) {
    for (let i = 0; i < calls; i++) {
      const answer = await session.post(\`http://\${host}:8000/add\`, {
        headers: { 'Content-Type': 'application/json' },
        json: request,
      });
      last = await answer.text();
    }
    return context.callback(last);
  }
  for (let i = 0; i < calls; i++) last = await (await session.post(url, { json: request })).json();
  context.callback(last);
};`;

const build = mkdtempSync(path.join(tmpdir(), 'fusionizer-bench-'));
try {
  writePackage();
  process.env.FUSIONIZER_URL = 'http://127.0.0.1:8123';
  const { entry } = require(path.join(dispatcherDir, 'fusionizer_dispatcher'));
  const { handler, initContext, dispatcher } = entry(build);
  // This costs as much as the worker's sink, except for the system call.
  dispatcher.useSinks({ log() {}, traces: (json) => Buffer.from(json) });
  await initContext({});
  const callee = require(path.join(build, 'tasks/callee/main.js')).handler;
  const add = require(path.join(build, 'tasks/add/main.js')).handler;

  const floors = [];
  const locals = [];
  const documentedFloors = [];
  const documented = [];
  for (let run = 0; run < RUNS; run++) {
    floors.push(await perCall(() => floor(callee)));
    locals.push(await perCall(() => localCalls(handler, { url: 'http://127.0.0.1:8123/callee' })));
    documentedFloors.push(await perCall(() => documentedFloor(add)));
    documented.push(await perCall(() => localCalls(handler, { host: '127.0.0.1' })));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const events = await workerEvents();
  const figures = {
    floor_us: median(floors),
    local_us: median(locals),
    documented_floor_us: median(documentedFloors),
    documented_us: median(documented),
    event_us: median(events),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(build, { recursive: true, force: true });
}

function writePackage() {
  const tasks = ['caller', 'callee', 'add'].map((name) => ({
    name,
    dir: `tasks/${name}`,
    handler: 'main:handler',
    triggers: {},
  }));
  writeFileSync(
    path.join(build, 'fusionizer.json'),
    JSON.stringify({ version: 1, runtime: 'nodejs', group: ['caller', 'callee', 'add'], tasks }),
  );
  writeFileSync(path.join(build, 'package.json'), '{"type":"commonjs"}');
  const dispatcher = JSON.stringify(path.join(dispatcherDir, 'fusionizer_dispatcher'));
  writeFileSync(path.join(build, 'fusionizer_entry.js'), `module.exports = require(${dispatcher}).entry(__dirname);`);
  for (const [name, source] of [
    ['caller', CALLER],
    ['callee', CALLEE],
    ['add', ADD],
  ]) {
    mkdirSync(path.join(build, 'tasks', name), { recursive: true });
    writeFileSync(path.join(build, 'tasks', name, 'main.js'), source);
  }
}

async function floor(callee) {
  for (let i = 0; i < CALLS; i++) {
    let answer;
    const body = Buffer.from(JSON.stringify(REQUEST));
    callee(
      {
        callback: (value) => {
          answer = JSON.stringify(value);
        },
      },
      { body },
    );
    JSON.parse(await answer);
  }
}

async function documentedFloor(add) {
  class Response {
    constructor(body, headers, contentType, status) {
      Object.assign(this, { body, headers, content_type: contentType, status_code: status });
    }
  }
  for (let i = 0; i < CALLS; i++) {
    let answer;
    const callback = (value) => {
      answer = value.body;
    };
    add({ callback, Response }, { body: Buffer.from(JSON.stringify(REQUEST)) });
    await answer;
  }
}

function localCalls(handler, where) {
  return new Promise((resolve) => {
    const headers = { 'Task-Name': 'caller' };
    const bench = { calls: CALLS, request: REQUEST, ...where };
    handler({ callback: resolve }, { headers, trigger: { kind: 'http', name: 'default-http' }, bench });
  });
}

async function perCall(run) {
  const begun = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - begun) / 1000 / CALLS;
}

async function workerEvents() {
  const worker = spawn(process.execPath, [path.join(dispatcherDir, 'worker.js'), build], {
    cwd: build,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  const [, , , input, output] = worker.stdio;
  const frames = countFrames(output);
  await frames.reach(1);
  const frame = eventFrame();
  const batch = Buffer.concat(Array.from({ length: EVENTS }, () => frame));
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    const begun = process.hrtime.bigint();
    input.write(batch);
    await frames.reach(1 + (run + 1) * EVENTS);
    times.push(Number(process.hrtime.bigint() - begun) / 1000 / EVENTS);
  }
  input.end();
  await exited;
  return times;
}

function eventFrame() {
  const body = Buffer.from(JSON.stringify(REQUEST));
  const headers = {
    Host: '127.0.0.1:8123',
    'User-Agent': 'node',
    Accept: '*/*',
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    'Task-Name': 'callee',
    'Fusionizer-Server-Address': '127.0.0.1',
    Traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const json = Buffer.from(
    JSON.stringify({
      id: '4f0d2a2e-5b1c-4e3a-9b53-0a4f7c1c2d11',
      method: 'POST',
      path: '/',
      fields: {},
      headers,
      content_type: 'application/json',
      timestamp: 1732170000,
      trigger: { kind: 'http', name: 'default-http' },
      worker_id: 0,
    }),
  );
  const head = Buffer.alloc(9);
  head.writeUInt32BE(5 + json.length + body.length, 0);
  head.write('E', 4);
  head.writeUInt32BE(json.length, 5);
  return Buffer.concat([head, json, body]);
}

function countFrames(stream) {
  let rest = Buffer.alloc(0);
  let count = 0;
  let waiting = null;
  stream.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 4 && rest.length - at >= 4 + rest.readUInt32BE(at)) {
      at += 4 + rest.readUInt32BE(at);
      count++;
    }
    rest = rest.subarray(at);
    if (waiting !== null && count >= waiting.target) waiting.resolve();
  });
  return {
    reach: (target) =>
      new Promise((resolve) => {
        waiting = { target, resolve };
        if (count >= target) resolve();
      }),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number(sorted[Math.floor(sorted.length / 2)].toFixed(3));
}
