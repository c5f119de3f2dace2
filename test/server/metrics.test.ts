import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { calling, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

describe('metrics', () => {
  it('count invocations by Task, kind and status, and tell workers, restarts and operations', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', calling('a', 'b'));
    await server.deploy('b', saying('b'));
    await server.post('a');
    await server.changeSetup('PUT', [['a', 'b']]);
    await server.post('a');
    await server.post('a');
    let text = '';
    await until('local and remote calls in the metrics', async () => {
      const answer = await server.request('/-/metrics');
      assert.match(String(answer.headers['content-type']), /^text\/plain/);
      text = answer.text;
      return text.includes('kind="local",status="200"') && text.includes('kind="remote",status="200"');
    });
    for (const line of [
      'fusionizer_invocations_total{task="a",kind="outer",status="200"} 3',
      'fusionizer_invocations_total{task="b",kind="remote",status="200"} 1',
      'fusionizer_invocations_total{task="b",kind="local",status="200"} 2',
      'fusionizer_invocation_duration_seconds_count{task="a",kind="outer"} 3',
      'fusionizer_operations_total{kind="deploy",state="done"} 2',
      'fusionizer_operations_total{kind="setup",state="done"} 1',
      'fusionizer_tasks 2',
    ]) {
      assert.ok(text.includes(`${line}\n`), `${line} is not in:\n${text}`);
    }
    assert.match(text, /fusionizer_workers\{function="a-b-[^"]+"\} 1\n/);
    assert.match(text, /fusionizer_worker_restarts\{function="a-b-[^"]+"\} 0\n/);
  });

  it('have no labels for names and statuses that functions make up', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', saying('a'));
    const call = { trace: 't', span: 's', parent: null, caller: 'a', local: false, start: 0, duration: 1, status: 404 };
    const batch = Array.from({ length: 50 }, (_, index) => ({ ...call, callee: `nobody-${index}` }));
    const statuses = [12.5, 123456, -1].map((status) => ({ ...call, callee: 'a', status }));
    assert.equal(
      (await server.request('/-/traces', { method: 'POST', body: JSON.stringify([...batch, ...statuses]) })).status,
      204,
    );
    const { text } = await server.request('/-/metrics');
    assert.ok(!text.includes('nobody'));
    assert.deepEqual(text.match(/^fusionizer_invocations_total.*$/gm), [
      'fusionizer_invocations_total{task="a",kind="remote",status="0"} 3',
    ]);
    const long = JSON.stringify([{ ...call, callee: 'x'.repeat(101) }]);
    assert.equal((await server.request('/-/traces', { method: 'POST', body: long })).status, 400);
  });
});
