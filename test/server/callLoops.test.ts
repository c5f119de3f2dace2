import '../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { type Files, TestServer } from '../support/server.ts';
import { nodeTask, pythonTask } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Handlers that call another Task, and answer with its status and text. `CALLEE` is its name. */
const HANDLERS: Readonly<Record<string, (code: string) => Files>> = {
  'Python, plain': pythonTask,
  'Python, async': pythonTask,
  'Python, call_function': pythonTask,
  'Node.js, fetch': nodeTask,
  'Node.js, call_function': nodeTask,
};
const CODE: Readonly<Record<string, string>> = {
  'Python, plain': `
def handler(context, event, session):
    answer = session.post("http://%s:8000/CALLEE" % event.headers["Fusionizer-Server-Address"], json={})
    return (answer.status_code, answer.text)
`,
  'Python, async': `
async def handler(context, event, session):
    answer = session.post("http://%s:8000/CALLEE" % event.headers["Fusionizer-Server-Address"], json={})
    return (answer.status_code, answer.text)
`,
  'Python, call_function': `
import nuclio_sdk
def handler(context, event):
    answer = context.platform.call_function("CALLEE", nuclio_sdk.Event(body={}))
    return (answer.status_code, answer.body.decode())
`,
  'Node.js, fetch': `
exports.handler = async (context, event, session) => {
  const answer = await session.post('http://' + event.headers['Fusionizer-Server-Address'] + ':8000/CALLEE');
  context.callback([answer.status, await answer.text()]);
};
`,
  'Node.js, call_function': `
exports.handler = async (context) => {
  const { status_code, body } = await context.platform.call_function('CALLEE', { body: {} });
  context.callback([status_code, body.toString()]);
};
`,
};

const DEPTH = 5;

const WAYS: readonly [way: string, setup: Setup, chain: string][] = [
  ['apart', [], 'a -> b -> a -> b -> a -> b'],
  ['in one function', [['a', 'b']], 'a -> b -> a -> b -> a -> b'],
  ['of a Task that calls itself', [], 'self -> self -> self -> self -> self -> self'],
];

describe('a call without end is a 508 that shows the chain', () => {
  for (const [handler, make] of Object.entries(HANDLERS)) {
    it(handler, async (t) => {
      const server = await TestServer.start(t, { maxDepth: DEPTH });
      const code = CODE[handler] ?? '';
      await server.deploy('a', make(code.replace('CALLEE', 'b')));
      await server.deploy('b', make(code.replace('CALLEE', 'a')));
      await server.deploy('self', make(code.replace('CALLEE', 'self')));
      for (const [way, setup, chain] of WAYS) {
        assert.equal((await server.changeSetup('PUT', setup)).status, 200);
        const { status, text } = await server.post(chain.slice(0, chain.indexOf(' ')));
        assert.equal(status, 508, `${way}: ${text}`);
        const [, caller, callee] = /(\w+) -> (\w+)$/.exec(chain) ?? [];
        assert.equal(
          text.trimEnd(),
          `Task '${caller}' may not call Task '${callee}', because the call chain has 5 Tasks already: ${chain}. ` +
            'End the loop of calls, or allow longer chains with fusionizer serve --max-depth',
          way,
        );
      }
    });
  }

  it('when nobody waits for the calls, too', async (t) => {
    const server = await TestServer.start(t, { maxDepth: DEPTH });
    const forgetful = (callee: string): Files =>
      nodeTask(`
exports.handler = (context, event, session) => {
  session.post('http://' + event.headers['Fusionizer-Server-Address'] + ':8000/${callee}').then(
    (answer) => context.logger.info('call of ${callee}: ' + answer.status));
  context.callback('gone on');
};
`);
    await server.deploy('a', forgetful('b'));
    await server.deploy('b', forgetful('a'));
    for (const setup of [[], [['a', 'b']]]) {
      assert.equal((await server.changeSetup('PUT', setup)).status, 200);
      const { headers } = await server.post('a');
      const trace = String(headers['fusionizer-trace-id']);
      const calls = await until('the records of the calls', async () => {
        const found = (await server.request(`/-/traces?trace=${trace}`)).json<TraceRecord[]>();
        const made = found.filter(({ caller }) => caller !== null);
        return made.length >= DEPTH ? made : undefined;
      });
      assert.deepEqual(calls.map(({ status }) => status).sort(), [200, 200, 200, 200, 508], JSON.stringify(setup));
    }
  });
});

/** The same by ordinary clients. `BY` names the client of Task `b`; Task `a` always has the session. */
const MIXED: Readonly<Record<string, { make: (code: string) => Files; clients: readonly string[]; code: string }>> = {
  python: {
    make: pythonTask,
    clients: ['session', 'by_http_client', 'in_thread'],
    code: `
import http.client, threading, urllib.error, urllib.request
from urllib.parse import urlsplit

def by_urllib(session, url):
    try:
        with urllib.request.urlopen(url, b"{}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

def by_http_client(session, url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("POST", urlsplit(url).path, b"{}")
    answer = connection.getresponse()
    return answer.status, answer.read().decode()

def in_thread(session, url):
    found = []
    thread = threading.Thread(target=lambda: found.append(by_urllib(session, url)))
    thread.start()
    thread.join()
    return found[0]

def session(session, url):
    answer = session.post(url, json={})
    return answer.status_code, answer.text

def handler(context, event, requests_session):
    return BY(requests_session, "URL")
`,
  },
  nodejs: {
    make: nodeTask,
    clients: ['session', 'fetch', 'http'],
    code: `
const by = {
  session: async (session, url) => { const r = await session.post(url, { json: {} }); return [r.status, await r.text()]; },
  fetch: async (session, url) => { const r = await fetch(url, { method: 'POST' }); return [r.status, await r.text()]; },
  http: (session, url) => new Promise((resolve, reject) => {
    require('node:http').request(url, { method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve([response.statusCode, text]));
    }).on('error', reject).end();
  }),
};
exports.handler = async (context, event, session) => context.callback(await by.BY(session, 'URL'));
`,
  },
};

describe('a call without end by an ordinary client is a 508 that shows the chain, and a record of both logs', () => {
  for (const [runtime, { make, clients, code }] of Object.entries(MIXED)) {
    it(runtime, async (t) => {
      const server = await TestServer.start(t, { maxDepth: DEPTH });
      const task = (callee: string, client: string): Files =>
        make(
          code
            .replace('BY(', `${client}(`)
            .replace('.BY', `.${client}`)
            .replace('URL', server.url.href + callee),
        );
      await server.deploy('a', task('b', 'session'));
      for (const client of clients.slice(1)) {
        await server.deploy('b', task('a', client));
        for (const setup of [[], [['a', 'b']]]) {
          assert.equal((await server.changeSetup('PUT', setup)).status, 200);
          const { status, text } = await server.post('a');
          const way = `${client}, ${setup.length === 0 ? 'apart' : 'fused'}: ${text}`;
          assert.equal(status, 508, way);
          // In one function, the call of `b` is not the server's to refuse: the one after it is.
          const words =
            setup.length === 0
              ? "may not call Task 'b', because the call chain has 5 Tasks already: a -> b -> a -> b -> a -> b."
              : "may not call Task 'a', because the call chain has 6 Tasks already: a -> b -> a -> b -> a -> b -> a.";
          assert.ok(text.includes(words), way);
          for (const name of ['a', 'b']) {
            const record = (await server.logs(name)).findLast(({ message }) => message.includes(words));
            assert.equal(record?.level, 'error', `${way} in the log of ${name}`);
          }
        }
      }
    });
  }
});

describe('the processes of a server are bounded', () => {
  it('a chain that needs more extra workers than the server may have is a 508 that shows the chain', async (t) => {
    const server = await TestServer.start(t, { maxDepth: 1000, maxWorkers: 12 });
    const quick = '  triggers:\n    http: {kind: http, workerAvailabilityTimeoutMilliseconds: 2000}\n';
    const code = CODE['Python, plain'] ?? '';
    await server.deploy('a', pythonTask(code.replace('CALLEE', 'b'), quick));
    await server.deploy('b', pythonTask(code.replace('CALLEE', 'a'), quick));
    const { status, text } = await server.post('a');
    assert.equal(status, 508, text);
    assert.match(text, /^Task 'b' found no worker: .* started 3 extra workers, .* a -> b -> a -> b -> a -> b\. Make/);
  });

  it('a function that needs more workers than there may be is refused, and gives back what it had', async (t) => {
    const server = await TestServer.start(t, { maxWorkers: 4 });
    const task = (workers: number): Files =>
      nodeTask(
        'exports.handler = (context) => context.callback("here");\n',
        `  triggers:\n    http: {kind: http, numWorkers: ${workers}}\n`,
      );
    await server.deploy('a', task(2));
    const refused = await server.put('b', task(3));
    assert.equal(refused.status, 422);
    assert.match(refused.text, /^The function needs 3 workers, and this server has 2 of the 4 worker processes/);
    // The workers of a replaced version end after the deploy of the new one.
    const deployed = (name: string, workers: number): Promise<boolean> =>
      until('room for the workers', async () => (await server.put(name, task(workers))).status === 200);
    for (const workers of [1, 2, 1, 2]) await deployed('a', workers);
    await deployed('b', 2);
    assert.equal((await server.post('b')).text, 'here');
  });
});
