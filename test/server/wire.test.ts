import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { type Files, TestServer } from '../support/server.ts';
import { commands, functionYaml, type Runtime } from '../support/tasks.ts';
import { until } from '../support/until.ts';
import { ANSWERS, type Outcome, REQUESTS, type Sent } from './wireTable.ts';

/**
 * A Task calls another one: with the real client of its language, which is what a program outside would see; by the
 * session while they are apart; by the session when they are fused. All three have the same outcome for every input.
 */

/** What the server sets. It counts where a case names it. */
const BY_SERVER = ['Fusionizer-Server-Address', 'Task-Name', 'Traceparent'];

interface Shown {
  headers: Record<string, string>;
}

/** An outcome without what has to differ: ids and the date. */
function comparable(call: Sent, { error, status, reason, headers = {}, body = '' }: Outcome): object {
  if (error !== undefined) return { error };
  // The policy keeps a Task's page in a browser from acting as its user; no Task's call gets it.
  const { date, 'fusionizer-trace-id': trace, 'content-security-policy': _, ...rest } = headers;
  const text = Buffer.from(body, 'base64').toString();
  const named = new Set(Object.keys(call.headers ?? {}).map((name) => name.toLowerCase()));
  let seen: unknown = text;
  if (rest['content-type'] === 'application/json') {
    delete rest['content-length'];
    const shown: Shown = JSON.parse(text || '{"headers": {}}');
    for (const name of BY_SERVER)
      if (!named.has(name.toLowerCase()) || name === 'Traceparent') delete shown.headers[name];
    seen = shown;
  }
  return { status, reason, headers: rest, has: [date !== undefined, trace !== undefined], seen };
}

/** A server with the Task that calls, and the one that is called; with the same settings, so that they can be fused. */
async function twoTasks(t: TestContext, runtime: Runtime, spec = ''): Promise<TestServer> {
  const server = await TestServer.start(t);
  await server.deploy('probe', task(runtime, 'probe', spec));
  // requests is the real client of Python.
  await server.deploy(
    'ways',
    task(runtime, 'ways', spec + (runtime === 'python' ? commands('pip install requests') : '')),
  );
  return server;
}

/** Makes the calls in all three ways, and compares the outcomes. */
async function compare(server: TestServer, calls: readonly Sent[], own: Record<string, string> = {}): Promise<void> {
  const outcomes = async (way: string): Promise<object[]> => {
    const answer = await server.request(`/ways/${way}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...own },
      body: JSON.stringify(calls),
    });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Outcome[]>().map((outcome, index) => comparable(calls[index] as Sent, outcome));
  };
  const real = await outcomes('real');
  const apart = await outcomes('session');
  assert.equal((await server.changeSetup('PUT', [['ways', 'probe']])).status, 200);
  const fused = await outcomes('session');
  const different = calls.flatMap((call, index) =>
    [apart, fused].flatMap((list, way) => {
      try {
        assert.deepEqual(list[index], real[index]);
        return [];
      } catch (error) {
        return [`${['apart', 'fused'][way]}: ${JSON.stringify(call).slice(0, 200)}: ${(error as Error).message}`];
      }
    }),
  );
  assert.deepEqual(different, [], different.join('\n\n'));
}

describe('the wire is the same for the real client, for a remote call and for a local one', {
  concurrency: true,
}, () => {
  for (const runtime of ['python', 'nodejs'] as const) {
    it(`between two ${runtime} Tasks`, async (t) => {
      const server = await twoTasks(t, runtime);
      const calls = [...REQUESTS, ...ANSWERS[runtime]];
      await compare(server, calls);
      // What nobody judges is local, so that the comparison above is one of two ways.
      const local = async (): Promise<number> =>
        (await server.request('/-/traces?task=probe')).json<TraceRecord[]>().filter((record) => record.local).length;
      await until('the records of the local calls', async () => (await local()) > calls.length / 2);
    });

    it(`between two ${runtime} Tasks with CORS settings`, async (t) => {
      const origin = 'http://good.example';
      const cors = `{enabled: true, allowOrigins: [${origin}], allowCredentials: true}`;
      const server = await twoTasks(t, runtime, `  triggers:\n    http: {kind: http, attributes: {cors: ${cors}}}\n`);
      const path = '/probe/shown';
      await compare(
        server,
        [
          { method: 'POST', path },
          { method: 'POST', path, headers: { Origin: origin } },
          { method: 'POST', path, headers: { Origin: 'http://evil.example' } },
          { method: 'POST', path, headers: { Origin: 'null' } },
          { method: 'OPTIONS', path, headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } },
          { method: 'OPTIONS', path, headers: { Origin: origin, 'Access-Control-Request-Method': 'FOO' } },
          { method: 'GET', path: '/probe/__internal/health' },
        ],
        { Origin: origin },
      );
    });
  }
});

function task(runtime: Runtime, name: string, spec = ''): Files {
  const file = `${name}.${runtime === 'python' ? 'py' : 'js'}`;
  const code = readFileSync(path.join(packageRoot(), 'test', 'contract', 'tasks', runtime, file), 'utf8');
  return { 'function.yaml': functionYaml(runtime, spec), [`main.${runtime === 'python' ? 'py' : 'js'}`]: code };
}
