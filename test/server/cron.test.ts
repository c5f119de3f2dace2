import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ticking, ticksOf } from '../support/cron.ts';
import { TestServer } from '../support/server.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

// Each test has a server of its own, and mostly waits for ticks.
describe('cron triggers', { concurrency: 4 }, () => {
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

  it('tick again after a restart of the server', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('a', ticking('50ms'));
    await server.restart();
    await until('a second tick of a', async () => (await ticksOf(server, 'a')).length > 1);
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
