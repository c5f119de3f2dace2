import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FreshTasks } from '../../../src/extension/setup/freshTasks.ts';
import type { TaskView } from '../../../src/shared/api.ts';
import { until } from '../../support/until.ts';

describe('the numbers in the tooltip of a Task', () => {
  const server = { calls: 0, asked: 0, fails: false };
  const old: string[] = [];
  const read = async (): Promise<TaskView> => {
    server.asked += 1;
    if (server.fails) throw new Error('no server');
    return { calls: server.calls } as TaskView;
  };

  it('are those of the moment, each time', async () => {
    const tasks = new FreshTasks(read, (name) => old.push(name), 1);
    server.calls = 8;
    assert.equal((await tasks.show('order'))?.calls, 8);
    await until('further questions', () => server.asked > 3);
    assert.deepEqual(old, []);
    server.calls = 9;
    await until('them to be old', () => old.length > 0);
    assert.equal((await tasks.show('order'))?.calls, 9);
    tasks.dispose();
    assert.deepEqual(old, ['order']);
  });

  it('count as old when the server does not answer', async () => {
    old.length = 0;
    const tasks = new FreshTasks(read, (name) => old.push(name), 1);
    await tasks.show('order');
    server.fails = true;
    await until('them to be old', () => old.length > 0);
    assert.equal(await tasks.show('order'), undefined);
    tasks.dispose();
  });

  it('are not asked for after the end', async () => {
    const tasks = new FreshTasks(read, (name) => old.push(name), 1);
    await tasks.show('order');
    tasks.dispose();
    const { asked } = server;
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(server.asked <= asked + 1);
  });
});
