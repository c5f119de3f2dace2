'use strict';

// The session's fetch against the platform's own: a table of uses, each one sent by `fetch` to a real HTTP server, by
// `session.fetch` to that server, and by `session.fetch` to a Task of its own function. All three must give the same.

const assert = require('node:assert/strict');
const { STATUS_CODES } = require('node:http');
const path = require('node:path');
const { it } = require('node:test');
const { startServer, startWorker, task } = require('./harness');
const { requestUses } = require('./likenessRequests');
const { answers, uses } = require('./likenessUses');
const { normalisePath, queryFields, canonicalHeader } = require(
  path.resolve(__dirname, '../../../dispatcher/nodejs/fusionizer_dispatcher/nuclio_http.js'),
);

/** How many uses one event makes. */
const AT_A_TIME = 300;

/** What the callee shows of a request: all headers but those that the server and the Dispatcher set. */
const NOT_SHOWN = /^(traceparent|task-name|fusionizer-)/i;
const shownHeaders = (headers) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !NOT_SHOWN.test(name))
      .sort(),
  );

const RUN = task(`exports.handler = async (context, event, session) => {
  const { task, server, list } = JSON.parse(event.body.toString());
  const base = server + '/' + task;
  const AsyncFunction = (async () => {}).constructor;
  for (const way of ['real', 'session']) {
    const f = way === 'real' ? fetch : session.fetch;
    if (event.fields.way !== way) continue;
    const results = [];
    for (const code of list) {
      try {
        const never = new Promise((resolve) => setTimeout(resolve, 700, "never"));
        const value = await Promise.race([new AsyncFunction('f', 'base', 'require', 'return ' + code)(f, base, require), never]);
        results.push(value === undefined ? 'undefined' : value);
      } catch (error) {
        results.push({ raised: error?.name ?? String(error), words: String(error?.message ?? error),
          cause: typeof error?.cause });
      }
    }
    context.callback(results);
  }
};`);

const NEAR = {
  files: {
    'main.js': `const ANSWERS = require('./answers.json');
const busy = () => { for (const end = Date.now() + 30; Date.now() < end;); };
exports.handler = (context, event) => {
  if (event.path.startsWith('/echo')) {
    const headers = Object.fromEntries(
      Object.entries(event.headers).filter(([name]) => !${NOT_SHOWN}.test(name)).sort());
    const { method, path, fields } = event;
    return context.callback({ method, path, fields, body: event.body.toString('latin1'), headers });
  }
  const [status, headers, type, body] = ANSWERS[event.path] ?? [404, {}, 'text/plain', ''];
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) =>
    [name, value.replace('TASK', 'near').replace('HOST', event.headers.Host)]));
  const answer = () => context.callback(new context.Response(body, filled, type, status, 'base64'));
  if (event.path === '/late') setTimeout(answer, 100);
  else if (event.path === '/busy') answer(busy());
  else if (event.path === '/busy/later') setTimeout(() => answer(busy()), 1);
  else answer();
};`,
    'answers.json': JSON.stringify(
      Object.fromEntries(
        Object.entries(answers()).map(([at, [status, headers, type, body]]) => [
          at,
          [status, headers, type, body.toString('base64')],
        ]),
      ),
    ),
  },
};

const ANSWERS = answers();

/** The callee as a server of its own. */
function far(request, response) {
  const [raw, query] = request.url.replace(/^\/\w+/, '').split(/\?(.*)/s);
  const at = normalisePath(raw || '/');
  if (at.startsWith('/echo')) {
    const given = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        canonicalHeader(name),
        Buffer.from(String(value), 'latin1').toString(),
      ]),
    );
    const headers = shownHeaders(given);
    const body = request.bytes.toString('latin1');
    const echo = { method: request.method, path: at, fields: queryFields(query ?? ''), body, headers };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    return response.end(JSON.stringify(echo));
  }
  const [status, headers, type, body] = ANSWERS[at] ?? [404, {}, 'text/plain', ''];
  const answer = () => {
    response.writeHead(status, STATUS_CODES[status] ?? 'unknown', {
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value.replace('TASK', 'far').replace('HOST', request.headers.host),
        ]),
      ),
      'Content-Type': type,
      ...(status === 204 || status === 304 ? {} : { 'Content-Length': body.length }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (at === '/late') setTimeout(answer, 100);
  else if (at.startsWith('/busy')) setTimeout(answer, 30);
  else answer();
  return undefined;
}

it('the session does with each use what fetch does', async (t) => {
  const server = await startServer(t, far);
  const worker = await startWorker(t, { run: RUN, near: NEAR }, { FUSIONIZER_URL: server.url });
  const list = [...uses(), ...requestUses()];
  const results = async (way, name) => {
    const all = [];
    while (all.length < list.length) {
      const some = list.slice(all.length, all.length + AT_A_TIME).map(([, code]) => code);
      const body = JSON.stringify({ task: name, server: server.url, list: some });
      const answer = await worker.invoke({ headers: { 'Task-Name': 'run' }, fields: { way } }, body);
      assert.equal(answer.status, 200, answer.text);
      all.push(...JSON.parse(answer.text.replaceAll('/near', '/far')));
    }
    return all;
  };
  const real = await results('real', 'far');
  const remote = await results('session', 'far');
  const local = await results('session', 'near');
  const shown = (value) => JSON.stringify(value);
  const different = list.flatMap(([name, code], index) =>
    [
      ['to the server', remote[index]],
      ['within the function', local[index]],
    ]
      .filter(([, got]) => shown(got) !== shown(real[index]))
      .map(([where, got]) => `${name}: ${code}\n  fetch: ${shown(real[index])}\n  ${where}: ${shown(got)}`),
  );
  assert.equal(different.length, 0, `${different.length} of ${list.length} differ:\n${different.join('\n')}`);
});
