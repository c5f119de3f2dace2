import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { LogRecord, TraceRecord } from '../../src/shared/api.ts';
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
  return until('an event that the Task remembers', async () => (await server.post(name)).json<Remembered | null>());
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

async function logOf(server: TestServer, name: string): Promise<LogRecord[]> {
  const { text } = await server.request(`/-/tasks/${name}/logs`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
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

describe('cron triggers', () => {
  it('are outer invocations: in traces, statistics and metrics', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await until('a second tick', async () => (await server.task('a')).calls >= 2);
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

  it('tick once per interval across redeploys, fusions and splits, with none missed and none doubled', async (t) => {
    const server = await TestServer.start(t);
    const interval = 100;
    await server.deploy('a', ticking(`${interval}ms`));
    await server.deploy('b', saying('b'));
    await until('the first tick', async () => (await ticksOf(server, 'a')).length > 0);
    for (let round = 0; round < 4; round += 1) {
      await server.deploy('a', { ...ticking(`${interval}ms`), 'version.txt': String(round) });
      assert.equal((await server.changeSetup('PUT', [['a', 'b']])).status, 200);
      await server.deploy('b', saying(`b${round}`));
      assert.equal((await server.changeSetup('PUT', [])).status, 200);
    }
    const switched = Date.now();
    await until('a tick after the switch', async () => ((await ticksOf(server, 'a')).at(-1)?.start ?? 0) > switched);
    const ticks = await ticksOf(server, 'a');
    assert.ok(ticks.every(({ status }) => status === 200));
    // A machine that is too busy to tick in time leaves ticks out, and says so; so does a tick that takes longer than
    // the interval.
    const late = (await logOf(server, 'a'))
      .flatMap(({ message }) => / ticks (\d+) ms late/.exec(message)?.[1] ?? [])
      .map(Number);
    const slow = ticks.map(({ duration }) => duration).filter((duration) => duration >= interval);
    const leftOut = [...late, ...slow].reduce((sum, milliseconds) => sum + Math.floor(milliseconds / interval), 0);
    const elapsed = ((ticks.at(-1)?.start ?? 0) - (ticks[0]?.start ?? 0)) / interval;
    const difference = ticks.length - 1 + leftOut - elapsed;
    assert.ok(
      Math.abs(difference) <= 1 + slow.length,
      `${ticks.length} ticks, ${leftOut} left out, in ${elapsed} intervals`,
    );
    const functions = new Set(ticks.map(({ group }) => group.join('+')));
    assert.deepEqual([...functions].sort(), ['a', 'a+b']);
  });

  it('of a changed trigger start anew; those of a deleted Task stop', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await server.deploy('b', ticking('50ms'));
    await until('the first tick of a', async () => (await ticksOf(server, 'a')).length > 0);
    await server.deploy('a', ticking('1h'));
    const before = (await ticksOf(server, 'a')).length;
    assert.equal((await server.request('/a', { method: 'DELETE' })).status, 200);
    const ticks = (await ticksOf(server, 'b')).length;
    await until('five more ticks of b', async () => (await ticksOf(server, 'b')).length > ticks + 5);
    assert.equal((await ticksOf(server, 'a')).length, before);
  });

  it('tick again after a restart of the server', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await server.restart();
    await until('a second tick of a', async () => (await ticksOf(server, 'a')).length > 1);
  });

  it('do not tick for a deploy that fails', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('1h'));
    const answer = await server.put('a', { ...ticking('50ms'), 'main.js': 'throw new Error("no");' });
    assert.equal(answer.status, 422);
    await server.deploy('b', ticking('50ms'));
    await until('four ticks of b', async () => (await ticksOf(server, 'b')).length > 3);
    assert.deepEqual(await ticksOf(server, 'a'), []);
  });

  it('that fail are logged with Task and trace, and go on', async (t) => {
    const server = await TestServer.start(t);
    const failing = ticking('50ms');
    failing['main.js'] = "exports.handler = (context) => context.callback([418, 'short and stout']);\n";
    await server.deploy('a', failing);
    await until('a second tick of a', async () => (await ticksOf(server, 'a')).length > 1);
    const [tick] = await ticksOf(server, 'a');
    const record = (await logOf(server, 'a')).find(({ trace }) => trace === tick?.trace);
    assert.deepEqual(
      [record?.level, record?.task, record?.message],
      ['error', 'a', "An event of the cron trigger 'tick' failed: status 418: short and stout"],
    );
  });

  it('that find no worker are logged', async (t) => {
    const server = await TestServer.start(t);
    const go = path.join(server.state, 'go');
    const files = saying(
      '',
      'nodejs',
      '  triggers: {web: {kind: http, workerAvailabilityTimeoutMilliseconds: 10}, tick: {kind: cron, attributes: {interval: 50ms}}}\n',
    );
    files['main.js'] = [
      "const fs = require('node:fs');",
      'exports.handler = (context, event) => {',
      `  const look = () => (event.trigger.kind === 'cron' || fs.existsSync(${JSON.stringify(go)}) ? context.callback('done') : setTimeout(look, 5));`,
      '  look();',
      '};',
      '',
    ].join('\n');
    await server.deploy('a', files);
    const request = server.post('a');
    await until('the log of a tick that failed', async () =>
      (await logOf(server, 'a')).some(({ message }) =>
        message.startsWith("An event of the cron trigger 'tick' failed: status 503"),
      ),
    );
    await writeFile(go, '');
    assert.equal((await request).text, 'done');
  });

  it('leave ticks out while the last event runs, and say so', async (t) => {
    const server = await TestServer.start(t);
    const slow = saying(
      '',
      'nodejs',
      '  triggers: {web: {kind: http, numWorkers: 2}, tick: {kind: cron, attributes: {interval: 50ms}}}\n',
    );
    // A tick waits until a request comes, on the other worker, that lets it end: by a file that both see.
    slow['main.js'] = [
      "const fs = require('node:fs');",
      'exports.handler = (context, event) => {',
      "  if (event.trigger.kind === 'http') { fs.writeFileSync(__dirname + '/go', ''); return context.callback('go'); }",
      "  const look = () => (fs.existsSync(__dirname + '/go') ? context.callback('') : setTimeout(look, 5));",
      '  look();',
      '};',
      '',
    ].join('\n');
    await server.deploy('a', slow);
    await until('the log of a tick that is left out', async () =>
      (await logOf(server, 'a')).some(({ message }) => message.includes('is left out')),
    );
    assert.deepEqual(await ticksOf(server, 'a'), []);
    await server.post('a');
    await until('four ticks', async () => (await ticksOf(server, 'a')).length > 3);
    assert.equal((await logOf(server, 'a')).filter(({ message }) => message.includes('is left out')).length, 1);
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
    await until('the first tick', async () => (await ticksOf(server, 'a')).length > 0);
    assert.match((await server.task('a')).warnings.join(), /'a-tick' ticks although it is disabled/);
  });
});
