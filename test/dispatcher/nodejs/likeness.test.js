'use strict';

// The session's fetch against the platform's own: a table of uses, each one sent by `fetch` to a real HTTP server, by
// `session.fetch` to that server, and by `session.fetch` to a Task of its own function. All three must give the same.

const assert = require('node:assert/strict');
const { STATUS_CODES } = require('node:http');
const path = require('node:path');
const { it } = require('node:test');
const { startServer, startWorker, task } = require('./harness');
const { answers, uses } = require('./likenessUses');
const { normalisePath, queryFields, canonicalHeader } = require(
  path.resolve(__dirname, '../../../dispatcher/nodejs/fusionizer_dispatcher/nuclio_http.js'),
);

/** What the callee shows of a request. */
const SHOWN = ['Accept', 'Authorization', 'Content-Length', 'Content-Type', 'Cookie', 'User-Agent', 'X-A'];

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
        const never = new Promise((resolve) => setTimeout(resolve, 2000, "never"));
        const value = await Promise.race([new AsyncFunction('f', 'base', 'return ' + code)(f, base), never]);
        results.push(value === undefined ? 'undefined' : value);
      } catch (error) {
        const named = /^(mine|words|fetch failed|terminated|unexpected redirect)$/.test(error?.message ?? error);
        results.push({ raised: error?.name ?? String(error), words: named ? String(error.message ?? error) : '' });
      }
    }
    context.callback(results);
  }
};`);

const NEAR = {
  files: {
    'main.js': `const ANSWERS = require('./answers.json');
exports.handler = (context, event) => {
  if (event.path.startsWith('/echo')) {
    const headers = Object.fromEntries(${JSON.stringify(SHOWN)}.map((name) => [name, event.headers[name]]));
    const { method, path, fields } = event;
    return context.callback({ method, path, fields, body: event.body.toString('latin1'), headers });
  }
  const [status, headers, type, body] = ANSWERS[event.path];
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) =>
    [name, value.replace('TASK', 'near').replace('HOST', event.headers.Host)]));
  const answer = () => context.callback(new context.Response(body, filled, type, status, 'base64'));
  if (event.path === '/late') setTimeout(answer, 100);
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

/** The callee as a server of its own. */
function far(request, response) {
  const [raw, query] = request.url.slice('/far'.length).split(/\?(.*)/s);
  const at = normalisePath(raw || '/');
  if (at.startsWith('/echo')) {
    const given = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [canonicalHeader(name), value]),
    );
    const headers = Object.fromEntries(SHOWN.map((name) => [name, given[name]]));
    const body = Buffer.from(request.text).toString('latin1');
    const echo = { method: request.method, path: at, fields: queryFields(query ?? ''), body, headers };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    return response.end(JSON.stringify(echo));
  }
  const [status, headers, type, body] = answers()[at];
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
  else answer();
  return undefined;
}

it('the session does with each use what fetch does', async (t) => {
  const server = await startServer(t, far);
  const worker = await startWorker(t, { run: RUN, near: NEAR }, { FUSIONIZER_URL: server.url });
  const list = uses();
  const results = async (way, name) => {
    const body = JSON.stringify({ task: name, server: server.url, list: list.map(([, code]) => code) });
    const answer = await worker.invoke({ headers: { 'Task-Name': 'run' }, fields: { way } }, body);
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text.replaceAll('/near', '/far'));
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
