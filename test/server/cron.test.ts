import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import { type Files, TestServer, until } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';

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
          '    last = {"kind": event.trigger.kind, "name": event.trigger.name, "method": event.method, "path": event.path, "headers": event.headers,',
          '            "type": event.content_type, "body": body, "size": event.size, "fields": event.fields, "time": str(event.timestamp)}',
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
          '  last = { ...trigger, method, path, headers, type, body: event.body.toString(), size, fields, time: timestamp.toISOString() };',
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
  let last: Remembered | null = null;
  await until(async () => {
    last = (await server.post(name)).json<Remembered | null>();
    return last !== null;
  });
  assert.ok(last);
  return last;
}

const every = (interval: string): string => `{tick: {kind: cron, attributes: {interval: ${interval}}}}`;

/** A Task that ticks, in one line. */
function ticking(interval: string, runtime: Runtime = 'nodejs'): Files {
  return saying('x', runtime, `  triggers: ${every(interval)}\n`);
}

/** The cron events of a Task in their order: nothing else invokes it in these tests. */
async function ticksOf(server: TestServer, name: string): Promise<TraceRecord[]> {
  return (await server.request(`/-/traces?task=${name}`))
    .json<TraceRecord[]>()
    .filter((record) => record.callee === name);
}

const FORM =
  '{interval: 50ms, event: {method: PUT, path: "/a b/../c", body: "{\\"x\\": 1}", headers: {x-lower: one, Number: 3, Content-Type: application/json}}}';

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
      await until(async () => {
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

describe('cron triggers', () => {
  it('are outer invocations: in traces, statistics and metrics', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await until(async () => (await server.task('a')).calls >= 2);
    const [first] = await ticksOf(server, 'a');
    assert.ok(first);
    const { caller, parent, local, status, cold, group } = first;
    assert.deepEqual(
      { caller, parent, local, status, cold, group },
      { caller: null, parent: null, local: false, status: 200, cold: true, group: ['a'] },
    );
    assert.match(
      (await server.request('/-/metrics')).text,
      /fusionizer_invocations_total\{task="a",kind="outer",status="200"\} \d/,
    );
  });

  it('tick again after a restart of the server', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await server.restart();
    await until(async () => (await ticksOf(server, 'a')).length > 1);
  });

  it('that Nuclio would not take, or that are of other kinds, are refused with what to do', async (t) => {
    const server = await TestServer.start(t);
    const refused: [triggers: string, why: RegExp][] = [
      ['{tick: {kind: cron}}', /cron trigger 'tick': it has neither a schedule nor an interval/],
      [
        '{tick: {kind: cron, attributes: {schedule: "61 * * * *"}}}',
        /cron trigger 'tick': attributes\.schedule '61 \* \* \* \*' is not a schedule/,
      ],
      [
        '{stream: {kind: kafka-cluster}}',
        /trigger 'stream' is of kind 'kafka-cluster': .* a real Nuclio, on Docker or Kubernetes, has kafka-cluster triggers/,
      ],
      [
        '{stream: {kind: cronjob}}',
        /trigger 'stream' is of kind 'cronjob': no Nuclio has such triggers: write one of http, cron, kafka-cluster, /,
      ],
    ];
    for (const [triggers, why] of refused) {
      const answer = await server.put('a', saying('x', 'nodejs', `  triggers: ${triggers}\n`));
      assert.equal(answer.status, 422, triggers);
      assert.match(answer.text, why);
    }
  });

  it('that do not do what they say are taken with a warning', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'a',
      saying('x', 'nodejs', '  triggers: {tick: {kind: cron, disabled: true, attributes: {interval: 50ms}}}\n'),
    );
    await until(async () => (await ticksOf(server, 'a')).length > 0);
    assert.match((await server.task('a')).warnings.join(), /'a-tick' ticks although it is disabled/);
  });
});
