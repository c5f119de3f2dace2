import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Short, so that a call that gets no worker fails soon. */
const ONE_WORKER = `  triggers:
    http:
      kind: http
      maxWorkers: 1
      workerAvailabilityTimeoutMilliseconds: 3000
`;

const python = (spec: string): Files =>
  pythonTask(
    `
import http.client, json, socket, threading, urllib.request

def by_urllib(host, port, path):
    request = urllib.request.Request("http://%s:%d%s" % (host, port, path), headers={"X-Own": "1"})
    text = urllib.request.urlopen(request).read().decode()
    return text, sorted(request.headers)

def by_http_client(host, port, path):
    connection = http.client.HTTPConnection(host, port)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", "1")
    connection.endheaders(b"x")
    return connection.getresponse().read().decode(), None

def by_requests(host, port, path):
    try:
        import requests
    except ModuleNotFoundError:
        return by_urllib(host, port, path)
    answer = requests.get("http://%s:%d%s" % (host, port, path), headers={"X-Own": "1"})
    return answer.text, sorted(answer.request.headers)

def in_thread(host, port, path):
    found = []
    thread = threading.Thread(target=lambda: found.append(by_urllib(host, port, path)))
    thread.start()
    thread.join()
    return found[0]

def raw(host, port, path):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(("GET %s HTTP/1.0\\r\\nHost: %s:%d\\r\\n\\r\\n" % (path, host, port)).encode())
        return connection.makefile("rb").read().decode().split("\\r\\n")[0], None

def handler(context, event):
    asked = event.body
    return (200, globals()[asked["by"]](asked["host"], asked["port"], "/callee/x"))
`,
    spec,
  );

const NODE = nodeTask(
  `
const http = require('node:http');
const read = async (response) => {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const by = {
  async fetch(url) {
    const request = new Request(url, { headers: { 'x-own': '1' } });
    const answer = await fetch(request);
    return [await answer.text(), [...request.headers.keys()]];
  },
  http: (url) => new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { 'X-Own': '1' } }, async (response) =>
      resolve([await read(response), request.getHeaderNames()]));
    request.on('error', reject);
  }),
  httpList: (url) => new Promise((resolve, reject) => {
    const headers = ['Host', new URL(url).host, 'X-Own', '1'];
    http.get(url, { headers }, async (response) => resolve([await read(response), headers])).on('error', reject);
  }),
};
exports.handler = async (context, event) => {
  const asked = JSON.parse(event.body);
  context.callback(await by[asked.by]('http://' + asked.host + ':' + asked.port + '/callee/x'));
};
`,
  ONE_WORKER,
);

const CALLEE = {
  python: pythonTask("def handler(context, event):\n    return (200, ','.join(sorted(event.headers)))\n", ONE_WORKER),
  nodejs: nodeTask(
    'exports.handler = (context, event) => context.callback(Object.keys(event.headers).sort().join());',
    ONE_WORKER,
  ),
};

describe('a Task calls another one of its function by an ordinary client', () => {
  for (const [runtime, caller, clients] of [
    ['python', python(ONE_WORKER), ['by_urllib', 'by_http_client', 'by_requests', 'in_thread']],
    ['nodejs', NODE, ['fetch', 'http', 'httpList']],
  ] as const) {
    it(`in ${runtime}: by any client and any name of this machine, and neither Task sees a header of ours`, async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('caller', caller);
      await server.deploy('callee', CALLEE[runtime]);
      const port = Number(server.url.port);
      const ask = async (by: string, host: string): Promise<unknown> => {
        const answer = await server.post('caller', { by, host, port });
        assert.equal(answer.status, 200, `${by} ${host}: ${answer.text}`);
        return answer.json();
      };
      const cases = clients.flatMap((by) => ['127.0.0.1', 'localhost'].map((host) => [by, host] as const));
      const apart = [];
      for (const [by, host] of cases) apart.push(await ask(by, host));
      await server.changeSetup('PUT', [['caller', 'callee']]);
      const fused = [];
      for (const [by, host] of cases) fused.push(await ask(by, host));
      assert.deepEqual(fused, apart);
      assert.doesNotMatch(JSON.stringify(fused), /fusionizer-event/i);
    });
  }

  it('such a call has a trace record, as an invocation from outside has', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('caller', NODE);
    await server.deploy('callee', CALLEE.nodejs);
    await server.changeSetup('PUT', [['caller', 'callee']]);
    await server.post('caller', { by: 'fetch', host: '127.0.0.1', port: Number(server.url.port) });
    await until('both invocations to be recorded', async () => {
      const { text } = await server.request('/-/metrics');
      return ['caller', 'callee'].every((task) => new RegExp(`invocations[^\n]*"${task}"[^\n]* 1\n`).test(text));
    });
  });

  it('where the server cannot know the chain, a log record says why the event waited', async (t) => {
    const server = await TestServer.start(t);
    const spec = ONE_WORKER.replace('3000', '100');
    await server.deploy('caller', python(spec));
    await server.deploy('callee', saying('here', 'python', spec));
    await server.changeSetup('PUT', [['caller', 'callee']]);
    const answer = await server.post('caller', { by: 'raw', host: '127.0.0.1', port: Number(server.url.port) });
    assert.deepEqual(answer.json(), ['HTTP/1.1 503 Service Unavailable', null]);
    const record = (await server.logs('callee')).find(({ message }) => message.includes('503'));
    assert.equal(record?.level, 'warn');
    assert.match(
      record?.message ?? '',
      /waited 0\.1 s.*the only worker of the function ran another event.*Fusionizer-Event/,
    );
  });
});
