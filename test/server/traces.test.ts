import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { TestServer } from '../support/server.ts';
import { nodeTask } from '../support/tasks.ts';

const ECHO = nodeTask(`exports.handler = (context, event) => {
  context.callback(new context.Response({ path: event.path, body: event.body.toString() }, { 'X-Own': 'kept' }, 'application/json', 200));
};`);

describe('x', () => {
  it('y', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    await server.deploy('echo', ECHO);
    const { trace } = await client.invoke('echo', { path: '/a?token=hhhhhhhhh&n=1', body: 'hello', headers: { Authorization: 'Basic dXNlcjpwYXNz' } });
    console.log((await server.request(`/-/traces/${trace}`)).text);
    console.log((await server.request(`/-/traces/${trace}/replay`, { method: 'POST' })).text);
    console.log((await server.request(`/-/traces/${trace}/replay`, { method: 'POST', body: JSON.stringify({ body: 'other' }) })).text);
    console.log((await server.request(`/-/traces?limit=2`)).headers);
    for (const f of await readdir(path.join(server.state, 'traces'))) console.log(f, await readFile(path.join(server.state, 'traces', f), 'utf8'));
  });
});
