import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import { every, ticksOf } from '../support/cron.ts';
import { type Files, TestServer } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

/** Runs cron events, and answers other requests with the newest one as JSON: `null` before the first. */
function remembering(runtime: Runtime, triggers: string): Files {
  const spec = `  triggers: ${triggers}\n`;
  return runtime === 'python'
    ? {
        'function.yaml': functionYaml('python', spec),
        'main.py': [
          'import json',
          'last = None',
          'def handler(context, event):',
          '    global last',
          '    if event.trigger.kind != "cron":',
          '        return json.dumps(last)',
          '    body = event.body.decode()',
          '    last = {"kind": event.trigger.kind, "name": event.trigger.name, "method": event.method, "path": ' +
            'event.path, "headers": event.headers,',
          '            "type": event.content_type, "body": body, "size": event.size, "fields": event.fields, ' +
            '"time": str(event.timestamp)}',
          '',
        ].join('\n'),
      }
    : {
        'function.yaml': functionYaml('nodejs', spec),
        'main.js': [
          'let last = null;',
          'exports.handler = (context, event) => {',
          "  if (event.trigger.kind !== 'cron') return context.callback(JSON.stringify(last));",
          '  const { trigger, method, path, headers, content_type: type, size, fields, timestamp } = event;',
          '  last = { ...trigger, method, path, headers, type, body: event.body.toString(), size, fields, time: ' +
            'timestamp.toISOString() };',
          "  context.callback('');",
          '};',
          '',
        ].join('\n'),
      };
}

interface Remembered {
  kind: string;
  name: string;
  headers: Record<string, string | number>;
  [other: string]: unknown;
}

async function remembered(server: TestServer, name: string): Promise<Remembered> {
  return until('an event that the Task remembers', async () => (await server.post(name)).json<Remembered | null>());
}

const FORM =
  '{interval: 50ms, event: {method: PUT, path: "/a b/../c", body: "{\\"x\\": 1}", headers: {x-lower: one, Number: ' +
  '3, Content-Type: application/json}}}';

for (const runtime of ['python', 'nodejs'] as const) {
  describe(`a cron trigger (${runtime})`, () => {
    it('gives the handler what function.yaml says, unchanged, as a Nuclio processor does', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', remembering(runtime, `{tick: {kind: cron, attributes: ${FORM}}}`));
      const { headers, time, ...event } = await remembered(server, 'a');
      assert.deepEqual(event, {
        kind: 'cron',
        name: 'tick',
        method: 'PUT',
        path: '/a b/../c',
        type: '',
        body: '{"x": 1}',
        size: 8,
        fields: {},
      });
      assert.match(String(time), /^1970-01-01/);
      const { Traceparent, ...others } = headers;
      assert.match(String(Traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      assert.deepEqual(others, {
        'x-lower': 'one',
        Number: 3,
        'Content-Type': 'application/json',
        'Task-Name': 'a',
        'Fusionizer-Server-Address': '127.0.0.1',
      });
    });

    it('without an event has no method, no path but / in Python, and an empty body', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy('a', remembering(runtime, every('50ms')));
      const { method, path, body, size } = await remembered(server, 'a');
      assert.deepEqual([method, path, body, size], ['', runtime === 'python' ? '/' : '', '', 0]);
    });

    it('in a Fusion Group reaches its own Task, which sees its own name for it; a namesake reaches the other', async (t) => {
      const server = await TestServer.start(t);
      await server.deploy(
        'a',
        remembering(runtime, `{tick: {kind: cron, attributes: {interval: 50ms, event: {body: for a}}}}`),
      );
      await server.deploy(
        'b',
        remembering(runtime, `{tick: {kind: cron, attributes: {interval: 50ms, event: {body: for b}}}}`),
      );
      await server.deploy(
        'c',
        remembering(
          runtime,
          `{web: {kind: http}, own: {kind: cron, attributes: {interval: 50ms, event: {body: for c}}}}`,
        ),
      );
      assert.equal((await server.changeSetup('PUT', [['a', 'b', 'c']])).status, 200);
      for (const [name, key] of Object.entries({ a: 'tick', b: 'tick', c: 'own' })) {
        const last = await remembered(server, name);
        assert.deepEqual([last.name, last['body'], last.headers['Task-Name']], [key, `for ${name}`, name]);
      }
    });

    it('may call other Tasks, also back into its own function', async (t) => {
      const server = await TestServer.start(t);
      // Each has one worker: a call back into the function that the tick occupies needs the call chain to be known.
      const event = 'attributes: {interval: 100ms, event: {body: "{}"}}';
      const caller = calling('a', 'b', runtime, `  triggers: {tick: {kind: cron, ${event}}}\n`);
      if (runtime === 'python') caller['main.py'] = String(caller['main.py']).replace('json=event.body', 'json={}');
      await server.deploy('b', calling('b', 'c', runtime));
      await server.deploy('c', saying('c', runtime));
      await server.deploy('a', caller);
      assert.equal((await server.changeSetup('PUT', [['a', 'c'], ['b']])).status, 200);
      const fused = Date.now();
      let trace: TraceRecord[] = [];
      await until('a tick after the fusion whose three records are there', async () => {
        const roots = (await ticksOf(server, 'a')).filter((record) => record.start > fused);
        const [root] = roots;
        if (root === undefined) return false;
        trace = (await server.request(`/-/traces?trace=${root.trace}`)).json<TraceRecord[]>();
        return trace.length === 3;
      });
      const calls = trace
        .map(({ caller: from, callee, local, status }) => `${from}>${callee} ${local} ${status}`)
        .sort();
      assert.deepEqual(calls, ['a>b false 200', 'b>c false 200', 'null>a false 200']);
    });
  });
}
