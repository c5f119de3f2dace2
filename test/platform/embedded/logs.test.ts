import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';
import type { LogRecord } from '../../../src/shared/api.ts';
import { TestServer } from '../../support/server.ts';
import { pythonTask, saying } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

describe('logs', () => {
  it('carry Task and trace; prints are records too; follow streams them', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy(
      'task',
      pythonTask(
        'def handler(context, event):\n    print("printed")\n    context.logger.warn_with("careful", a=1)\n    ' +
          'return "x"\n',
      ),
    );
    const followed: string[] = [];
    const follower = http.get(new URL('/-/tasks/task/logs?follow=true&level=warn', server.url), (response) =>
      response.on('data', (chunk) => followed.push(String(chunk))),
    );
    await new Promise((resolve) => follower.once('response', resolve));
    const answer = await server.post('task');
    await until('the followed log record', () => followed.join('').includes('careful'));
    follower.destroy();
    await until('the printed line in the log', async () =>
      (await server.logs('task')).some((record) => record.stream === 'stdout' && record.message === 'printed'),
    );
    const record = (await server.logs('task')).find(({ message }) => message === 'careful');
    assert.deepEqual(
      [record?.level, record?.task, record?.trace, record?.with['a']],
      ['warn', 'task', answer.headers['fusionizer-trace-id'], 1],
    );
    assert.ok(!followed.join('').includes('printed'));
  });

  it('that come in a flood are dropped with a note of how much, and the server goes on answering', async (t) => {
    // A slow machine must read more than the bound of 1 MiB in one window.
    const server = await TestServer.start(t, { times: { printWindow: 1000 } });
    await server.deploy('calm', saying('calm'));
    const code =
      'def handler(context, event):\n    while event.path == "/flood":\n        print("x" * 1000)\n    return "x"\n';
    await server.deploy('loud', pythonTask(code, '  eventTimeout: 2s\n'));
    const flood = server.request('/loud/flood');
    await until('the note of what was dropped', async () =>
      (await server.logs('loud')).some(({ message }) => /[1-9]\d* KiB of it were dropped/.test(message)),
    );
    assert.equal((await server.post('calm')).text, 'calm');
    assert.equal((await flood).status, 408);
    assert.equal((await server.post('loud')).text, 'x');
  });

  it('of more than a reader takes at once are given whole', async (t) => {
    const server = await TestServer.start(t);
    await server.deploy('task', saying('x'));
    const record: Omit<LogRecord, 'message'> = {
      time: 0,
      level: 'info',
      with: {},
      task: 'task',
      function: null,
      trace: null,
      stream: 'log',
    };
    for (let count = 0; count < 1500; count += 1)
      server.server.logs.push({ ...record, message: 'x'.repeat(4000) }, ['task']);
    assert.equal((await server.logs('task')).length, 1500);
  });
});
