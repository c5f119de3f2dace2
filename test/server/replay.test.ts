import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { TestServer } from '../support/server.ts';
import { calling, saying } from '../support/tasks.ts';
import { COUNTS, isCode } from '../support/traces.ts';
import { until } from '../support/until.ts';

describe('a replay', () => {
  it('sends the request again, as it was or edited, and compares the answers', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const headers = { 'X-Own': 'mine', Authorization: 'Basic dXNlcjpwYXNz' };
    const { trace } = await client.invoke('counts', { method: 'PUT', path: '/a/b?c=1', headers, body: 'hello' });
    const again = await client.replay(trace);
    const { body, ...answer } = again.after;
    assert.deepEqual(JSON.parse(body), { method: 'PUT', path: '/a/b', text: 'hello', own: 'mine', count: 2 });
    assert.deepEqual([answer.status, again.before?.status, again.same], [201, 201, false]);
    assert.deepEqual(again.differences, [{ what: 'body.count', before: '1', after: '2' }]);
    assert.deepEqual(again.notes, ['The header Authorization is secret and not recorded: it was left out']);
    const [span] = (await client.trace(again.trace)).spans;
    assert.deepEqual([span?.replayOf, span?.caller, again.replayOf.trace], [trace, null, trace]);
    const edited = await client.replay(again.trace, {
      method: 'POST',
      path: '/new',
      headers: { 'X-Own': 'yours' },
      body: { n: 2 },
    });
    assert.deepEqual(JSON.parse(edited.after.body), {
      method: 'POST',
      path: '/new',
      text: '{"n":2}',
      own: 'yours',
      count: 3,
    });
    const plain = await server.request(`/-/traces/${trace}/replay`, { method: 'POST' });
    assert.equal(plain.status, 200);
  });

  it('is the same where the handler answers the same, and can begin at a remote call', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('first', calling('first', 'second'));
    await server.deploy('second', saying('fixed'));
    const { trace } = await client.invoke('first', { body: '{"n": 1}' });
    await until('the record of the call', async () => (await client.traces({ trace })).length === 2);
    const { same, differences, notes } = await client.replay(trace);
    assert.deepEqual([same, differences, notes], [true, [], []]);
    const span = (await client.trace(trace)).spans.find(({ callee }) => callee === 'second')?.span;
    const remote = await client.replay(trace, { span });
    assert.deepEqual([remote.after.body, remote.same], ['fixed', true]);
    await client.delete('second');
    await assert.rejects(client.replay(trace, { span }), isCode('not-found', /No Task 'second'/));
    await assert.rejects(client.replay(trace, { span: 'none' }), isCode('not-found', /has no span 'none'/));
  });

  it('refuses a request that is not whole, and what no request can be', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('counts', COUNTS);
    const { trace } = await client.invoke('counts', { body: 'x'.repeat(70_000) });
    assert.equal((await client.trace(trace)).spans[0]?.exchange?.request.truncated, true);
    await assert.rejects(client.replay(trace), isCode('malformed', /the first 64.0 KiB are recorded: give a body/));
    assert.equal((await client.replay(trace, { body: 'short' })).after.status, 201);
    const post = (body: string): Promise<{ status: number }> =>
      server.request(`/-/traces/${trace}/replay`, { method: 'POST', body });
    for (const edits of [
      { method: 'post' },
      { path: 'x' },
      { headers: { 'a b': '' } },
      { headers: { a: 'x\n' } },
      { x: 1 },
    ])
      assert.equal((await post(JSON.stringify(edits))).status, 400, JSON.stringify(edits));
  });
});
