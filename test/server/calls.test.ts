import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import type { CallsView } from '../../src/shared/callApi.ts';
import { TestServer } from '../support/server.ts';
import { calling, saying } from '../support/tasks.ts';
import { isCode } from '../support/traces.ts';
import { until } from '../support/until.ts';

const counts = ({ calls }: CallsView): string[] =>
  calls.map(({ caller, callee, local, count }) => `${caller} ${callee} ${local ? 'local' : 'remote'} ${count}`);

describe('GET /-/calls', () => {
  it('counts who calls whom, in each setup, and knows what was recorded before a restart', async (t) => {
    const server = await TestServer.start(t);
    let client = new FusionizerClient(server.url);
    const countsAre = (
      options: Parameters<FusionizerClient['calls']>[0],
      wanted: readonly string[],
    ): Promise<unknown> =>
      until(`the counts ${wanted}`, async () => String(counts(await client.calls(options))) === String(wanted));
    await server.deploy('cart', calling('cart', 'price'));
    await server.deploy('price', saying('price'));
    for (let n = 0; n < 2; n += 1) await client.invoke('cart', { body: '{}' });
    const apart = ['null cart remote 2', 'cart price remote 2'];
    await countsAre({}, apart);
    await client.putSetup([['cart', 'price']]);
    await countsAre({ setup: 'current' }, []);
    await client.invoke('cart', { body: '{}' });
    await countsAre({ setup: 'current', window: 60 }, ['null cart remote 1', 'cart price local 1']);
    const { setup, setups, calls } = await client.calls();
    assert.deepEqual([setups.length, setups[1]?.id, setups[1]?.calls], [2, setup, 2]);
    assert.deepEqual(calls.find(({ local }) => local)?.group, ['cart', 'price']);
    await countsAre({ setup: setups[0]?.id }, apart);
    await server.restart();
    client = new FusionizerClient(server.url);
    await countsAre({}, ['null cart remote 3', 'cart price local 1', 'cart price remote 2']);
    await countsAre({ setup: 'current' }, ['null cart remote 1', 'cart price local 1']);
    const { localCalls, remoteCalls } = await client.task('price');
    assert.deepEqual([localCalls, remoteCalls], [0, 0], 'of a Task since the start');
  });

  it('says what a window may be', async (t) => {
    const client = new FusionizerClient((await TestServer.start(t)).url);
    assert.deepEqual((await client.calls({ window: 3600 })).calls, []);
    for (const window of [0, 3601, -1, 1.5])
      await assert.rejects(client.calls({ window }), isCode('malformed', /window: write whole seconds from 1 to 3600/));
  });
});
