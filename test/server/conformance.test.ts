import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { readFiles, TestServer } from '../support/server.ts';
import type { Runtime } from '../support/tasks.ts';
import { functionYaml } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Answers that a real Nuclio 1.14.1 gave; `compare` says how exact an answer has to be. */
interface Case {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body_base64?: string };
  response: {
    status: number;
    content_type: string | null;
    headers?: Record<string, string>;
    body?: string;
    body_base64?: string;
    body_json?: Record<string, unknown>;
    body_prefix?: string;
    logs?: Record<string, unknown>[];
  };
  compare: 'exact' | 'json' | 'prefix' | 'status' | 'logs';
}

interface Answered {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

const fixtures = path.join(packageRoot(), 'test', 'fixtures', 'conformance');
const vectors: { cases: Record<Runtime, Case[]> } = JSON.parse(
  await readFile(path.join(packageRoot(), 'test', 'contract', 'recorded.json'), 'utf8'),
);

/**
 * A Task that makes the call that its event describes, by whole URL or by call_function, and answers with what it got.
 */
const relay: Record<Runtime, Record<string, string>> = {
  python: {
    'function.yaml': functionYaml('python', '  env:\n    - name: GREETING\n      value: hi\n'),
    'main.py': `import base64

def handler(context, event, requests_session):
    call = event.body
    url = "http://%s:8000/probe%s" % (event.headers["Fusionizer-Server-Address"], call["path"])
    body = base64.b64decode(call["body"]) if call["body"] is not None else None
    answer = requests_session.request(call["method"], url, headers=call["headers"], data=body)
    return {"status": answer.status_code, "headers": {k.lower(): v for k, v in answer.headers.items()},
            "body": base64.b64encode(answer.content).decode()}
`,
  },
  nodejs: {
    'function.yaml': functionYaml('nodejs', '  env:\n    - name: GREETING\n      value: hi\n'),
    'main.js': `exports.handler = async (context, event, session) => {
  const call = JSON.parse(event.body.toString());
  const url = 'http://' + event.headers['Fusionizer-Server-Address'] + ':8000/probe' + call.path;
  const body = call.body === null ? undefined : Buffer.from(call.body, 'base64');
  const answer = await session.fetch(url, { method: call.method, headers: call.headers, body });
  context.callback({ status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()).toString('base64') });
};
`,
  },
};

/** Compares as the case's `compare` says. */
function check({ name, response: expected, compare }: Case, got: Answered): void {
  const label = `${name}: ${got.body.toString().slice(0, 400)}`;
  assert.equal(got.status, expected.status, label);
  if (compare === 'status') return;
  assert.equal(got.headers['content-type'] ?? null, expected.content_type, label);
  for (const [header, value] of Object.entries(expected.headers ?? {})) assert.equal(got.headers[header], value, label);
  if (expected.body_prefix !== undefined) assert.ok(got.body.toString().startsWith(expected.body_prefix), label);
  if (expected.body !== undefined) assert.equal(got.body.toString(), expected.body, label);
  if (expected.body_base64 !== undefined) assert.equal(got.body.toString('base64'), expected.body_base64, label);
  if (expected.body_json !== undefined) {
    const json: Record<string, unknown> = JSON.parse(got.body.toString());
    for (const [key, value] of Object.entries(expected.body_json)) {
      if (value === 'NoneType or bytes') assert.ok(json[key] === 'NoneType' || json[key] === 'bytes', label);
      else if (key === 'body' && value === '' && json[key] === null) continue;
      else assert.deepEqual(json[key], value, `${key} of ${label}`);
    }
  }
  if (expected.logs !== undefined) {
    const logs: Record<string, unknown>[] = JSON.parse(got.headers['x-nuclio-logs'] ?? 'null');
    const free = new Set(['time', 'name', 'worker_id']);
    assert.deepEqual(
      logs.map((record) => Object.fromEntries(Object.entries(record).filter(([key]) => !free.has(key)))),
      expected.logs,
      label,
    );
  }
}

for (const runtime of ['python', 'nodejs'] as const) {
  describe(`a ${runtime} Task answers as a real Nuclio did`, () => {
    it('invoked directly, called remotely, called locally, three times the same', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('probe', (await readFiles(path.join(fixtures, runtime))) as Record<string, Uint8Array>);
      await server.deploy('relay', relay[runtime]);

      const direct = async ({ request }: Case): Promise<Answered> => {
        const body = request.body_base64 === undefined ? {} : { body: Buffer.from(request.body_base64, 'base64') };
        const answer = await server.request(`/probe${request.path}`, {
          method: request.method,
          headers: request.headers,
          ...body,
        });
        return { ...answer, headers: answer.headers as Record<string, string> };
      };
      const called = async ({ request }: Case): Promise<Answered> => {
        const answer = await server.post('relay', {
          method: request.method,
          path: request.path,
          headers: request.headers,
          body: request.body_base64 ?? null,
        });
        assert.equal(answer.status, 200, answer.text);
        const relayed = answer.json<{ status: number; headers: Record<string, string>; body: string }>();
        return { ...relayed, body: Buffer.from(relayed.body, 'base64') };
      };
      const way = async (invoke: (one: Case) => Promise<Answered>): Promise<void> => {
        for (let round = 0; round < 3; round += 1)
          for (const one of vectors.cases[runtime]) check(one, await invoke(one));
      };
      assert.ok(vectors.cases[runtime].length > 30);
      await way(direct);
      await way(called);
      const fused = await server.changeSetup('PUT', [['relay', 'probe']]);
      assert.equal(fused.status, 200, fused.text);
      await way(called);
      await way(direct);
      const calls = async (local: boolean): Promise<number> =>
        (await server.request('/-/traces?task=probe'))
          .json<TraceRecord[]>()
          .filter((record) => record.caller === 'relay' && record.local === local).length;
      const each = 3 * vectors.cases[runtime].length;
      await until(
        'the records of all local and remote calls',
        async () => (await calls(true)) === each && (await calls(false)) === each,
      );
    });
  });
}
