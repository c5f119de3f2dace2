import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';
import { TestServer } from '../support/server.ts';
import { nodeTask } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const NEVER = nodeTask('exports.handler = () => { setInterval(() => {}, 1000); };');
const SAYS = nodeTask("exports.handler = (c) => { c.logger.info('begun'); setInterval(() => {}, 1000); };");

describe('a handler that never answers', () => {
  it('leaves one log record, with its trace', async (t) => {
    const server = await TestServer.start(t, { longEvent: 100 });
    await server.deploy('never', NEVER);
    const agent = new http.Agent();
    t.after(() => agent.destroy());
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const answer = server.request('/never?secret=1', { method: 'POST', headers, agent }).catch(() => undefined);
    const [record] = await until('the record', async () => {
      const records = await server.logs('never');
      return records.length > 0 ? records : undefined;
    });
    assert.match(record?.message ?? '', /^POST \/never has had no answer for 0\.\d s\. spec\.eventTimeout bounds/);
    assert.deepEqual([record?.level, record?.trace, record?.task], ['warn', trace, 'never']);
    const second = server.request('/never', { method: 'POST', agent }).catch(() => undefined);
    await until('the record of another event', async () => (await server.logs('never')).length === 2);
    agent.destroy();
    await Promise.all([answer, second]);
  });

  it('and whose client goes away leaves one soon', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('never', SAYS);
    const client = http.request(new URL('/never', server.url), { method: 'POST' });
    client.on('error', () => undefined);
    client.end();
    await until('the event', async () => (await server.logs('never')).length === 1);
    client.destroy();
    const [, record] = await until('the record', async () => {
      const records = await server.logs('never');
      return records.length > 1 ? records : undefined;
    });
    assert.match(
      record?.message ?? '',
      /^POST \/never has had no answer for \d+\.\d s, and its client has gone away\./,
    );
  });
});
