import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Hub, type HubEvent } from '../../src/engine/observe/hub.ts';
import { type OperationHandle, Operations } from '../../src/engine/operations.ts';
import { FusionizerError } from '../../src/shared/errors.ts';
import { TestEngine } from '../fakes/engine.ts';
import { saying } from '../support/tasks.ts';

const nothing = async (): Promise<void> => {};
const run = (operations: Operations, id: string, work: (handle: OperationHandle) => Promise<void> = nothing) =>
  operations.run({ kind: 'deploy', tasks: ['a'] }, id, work, () => 'done');

describe('operations', () => {
  it('keep the stages in their order, each once, and tell each change', async () => {
    const hub = new Hub();
    const events: HubEvent[] = [];
    hub.subscribe((event) => events.push(event));
    const operations = new Operations(hub);
    await run(operations, 'one', async (handle) => {
      for (const stage of ['upload', 'build', 'build', 'start'] as const) handle.stage(stage);
    });
    const { stages, state, result, error } = operations.get('one') ?? assert.fail();
    assert.deepEqual(
      [stages.map(({ stage }) => stage), state, result, error],
      [['upload', 'build', 'start'], 'done', 'done', null],
    );
    assert.equal(events.length, 4);
  });

  it('keep the newest part of what a build printed', async () => {
    const operations = new Operations(new Hub());
    await run(operations, 'one', async (handle) => {
      for (let line = 0; line < 3000; line += 1) handle.output(`${line} ${'x'.repeat(1000)}`);
    });
    const { log } = operations.get('one') ?? assert.fail();
    assert.match(log.at(-1) ?? '', /^2999 /);
    const size = log.join('').length;
    assert.ok(size <= 256 * 1024 && size > 255 * 1024, `${size} characters`);
    await run(operations, 'two', async (handle) => handle.output('y'.repeat(10_000_000)));
    assert.equal(operations.get('two')?.log.join('').length, 256 * 1024);
  });

  it('keep a bounded part of the output, whatever its lines are', async () => {
    for (const [line, most] of [
      ['', 256 * 1024],
      ['a', 128 * 1024],
      ['ab', 85 * 1024 + 400],
    ] as const) {
      const operations = new Operations(new Hub());
      await run(operations, 'one', async ({ output }) => {
        for (let count = 0; count < 300_000; count += 1) output(line);
        output('the last one');
      });
      const log = operations.get('one')?.log ?? [];
      assert.ok(log.length <= most && log.length > most / 2, `${log.length} lines of ${line.length} characters`);
      assert.equal(log.at(-1), 'the last one');
    }
  });

  it('show the newest lines only in events', async () => {
    const hub = new Hub();
    const operations = new Operations(hub);
    const sizes: number[] = [];
    hub.subscribe(({ data }) => sizes.push('log' in data ? data.log.length : 0));
    await run(operations, 'one', async (handle) => {
      for (let line = 0; line < 100; line += 1) handle.output(`${line}`);
    });
    assert.deepEqual([sizes, operations.get('one')?.log.length], [[20], 100]);
  });

  it('keep the newest 200, and all that run', async () => {
    const operations = new Operations(new Hub());
    let end = (): void => {};
    const running = run(operations, 'runs', () => new Promise((resolve) => (end = resolve)));
    for (let count = 0; count < 250; count += 1) await run(operations, `o${count}`);
    assert.equal(operations.get('o50'), undefined);
    assert.equal(operations.get('o51')?.state, 'done');
    assert.equal(operations.get('runs')?.state, 'running');
    end();
    await running;
  });

  it('refuse the id of one that runs, and take one that has ended again', async () => {
    const operations = new Operations(new Hub());
    await run(operations, 'one', async () => {
      await assert.rejects(run(operations, 'one'), { code: 'malformed' });
    });
    await run(operations, 'one');
  });

  it('warn once of each thing', async () => {
    const operations = new Operations(new Hub());
    await run(operations, 'one', async (handle) => {
      for (const message of ['x', 'y', 'x']) handle.warn(message);
    });
    assert.deepEqual(operations.get('one')?.warnings, ['x', 'y']);
  });

  it('end as what ended them', async () => {
    const operations = new Operations(new Hub());
    const cases = [
      [new FusionizerError('superseded', 'x'), 'superseded'],
      [new FusionizerError('cancelled', 'x'), 'cancelled'],
      [new FusionizerError('task', 'x'), 'failed'],
      [new Error('x'), 'failed'],
    ] as const;
    for (const [error, state] of cases) {
      await assert.rejects(run(operations, 'one', () => Promise.reject(error)));
      assert.equal(operations.get('one')?.state, state);
    }
    assert.deepEqual([operations.get('one')?.error?.code, operations.cancel('never')], ['internal', undefined]);
  });
});

describe('an engine that closes', () => {
  it('cancels what runs, takes no more, and leaves the state as it was', async (t: TestContext) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('a'));
    engine.platform.at = (stage) => (stage === 'start' ? new Promise(() => {}) : undefined);
    const busy = { code: 'busy', message: /The server is closing: nothing was changed/ };
    const deploy = assert.rejects(engine.deploy('b', saying('b'), { operation: 'slow' }), busy);
    await engine.reaches('slow', 'start');
    await engine.fusionizer.close();
    await deploy;
    await assert.rejects(engine.put([]), busy);
    assert.deepEqual(engine.platform.functions, []);
    await engine.restart({ crash: true });
    assert.deepEqual(engine.groups(), ['a']);
  });
});
