import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { multipart, TestServer, zip } from '../support/server.ts';
import { nodeTask, pythonTask } from '../support/tasks.ts';

/** A Task that makes calls, and answers with the status of each; and one that is called. */
const TASKS = {
  python: {
    make: pythonTask,
    caller: `
import json

def ask(session, host, case):
    url = "http://%s%s:8000/callee%s" % ("u:p@" if "user" in case else "", host, "/go" if "redirect" in case else "")
    headers = {"Authorization": case["authorization"]} if "authorization" in case else {}
    if "size" in case:
        return session.post(url, json="x" * (case["size"] - 2), headers=headers).status_code
    return session.post(url, data=b"x", headers=headers).status_code

def handler(context, event, session):
    return json.dumps([ask(session, event.headers["Fusionizer-Server-Address"], case) for case in event.body])
`,
    callee: `
def handler(context, event):
    if event.path == "/go":
        return context.Response(status_code=307, headers={"Location": "/callee"})
    return (200, "ran")
`,
  },
  nodejs: {
    make: nodeTask,
    caller: `
exports.handler = async (context, event, session) => {
  const answers = [];
  for (const one of JSON.parse(event.body)) {
    const base = 'http://' + (one.user ? 'u:p@' : '') + event.headers['Fusionizer-Server-Address'] + ':8000/callee';
    const headers = one.authorization === undefined ? {} : { Authorization: one.authorization };
    const init = one.size === undefined ? { body: 'x' } : { json: 'x'.repeat(one.size - 2) };
    answers.push((await session.post(base + (one.redirect ? '/go' : ''), { ...init, headers })).status);
  }
  context.callback(JSON.stringify(answers));
};
`,
    callee: `
exports.handler = (context, event) =>
  context.callback(event.path === '/go' ? new context.Response('', { Location: '/callee' }, '', 307) : 'ran');
`,
  },
} as const;
const LIMIT = 100_000;
const SPEC = `  triggers:\n    http: {kind: http, attributes: {maxRequestBodySize: ${LIMIT}}}\n`;
const CASES = [
  {},
  { authorization: 'Bearer wrong' },
  { authorization: 'Basic dTpw' },
  { user: true },
  { redirect: true },
  { size: LIMIT },
  { size: LIMIT + 1 },
];

describe('a call to a Task of the same function takes the way over the server where that may refuse it', () => {
  for (const [runtime, { make, caller, callee }] of Object.entries(TASKS)) {
    for (const auth of ['auto', 'always'] as const) {
      it(`${runtime}, tokens ${auth}`, async (t) => {
        const server = await TestServer.start(t, { auth });
        const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
        const asAdmin = { Authorization: `Bearer ${token}` };
        for (const [name, code] of [
          ['caller', caller],
          ['callee', callee],
        ] as const) {
          const { headers, body } = multipart(await zip(make(code, SPEC)));
          const put = { method: 'PUT', headers: { ...headers, ...asAdmin }, body };
          assert.equal((await server.request(`/${name}`, put)).status, 200);
        }
        const send = async (method: string, target: string, value: unknown): Promise<unknown> => {
          const headers = { 'Content-Type': 'application/json', ...asAdmin };
          const answer = await server.request(target, { method, headers, body: JSON.stringify(value) });
          assert.equal(answer.status, 200, answer.text);
          return answer.json();
        };
        const right = auth === 'always' ? [200, 401, 401, 401, 401, 200, 400] : [200, 200, 200, 200, 200, 200, 400];
        assert.deepEqual(await send('POST', '/caller', CASES), right, 'apart');
        await send('PUT', '/-/setup', [['caller', 'callee']]);
        assert.deepEqual(await send('POST', '/caller', CASES), right, 'fused');
      });
    }
  }
});
