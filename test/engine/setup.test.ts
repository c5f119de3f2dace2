import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestEngine } from '../fakes/engine.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const mode = (text: string, value: string) => saying(text, 'nodejs', `  env:\n    - {name: MODE, value: ${value}}\n`);

async function withTasks(t: Parameters<typeof TestEngine.start>[0], ...names: string[]): Promise<TestEngine> {
  const engine = await TestEngine.start(t);
  for (const name of names) await engine.deploy(name, saying(name));
  return engine;
}

describe('a setup change', () => {
  it('fuses and splits: every Task serves at each step', async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    await engine.put([['a', 'b']]);
    assert.deepEqual(engine.groups(), ['a+b']);
    assert.equal(engine.fn('a'), engine.fn('b'));
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a', 'b']);
    await engine.patch([['a']]);
    assert.deepEqual(engine.groups(), ['a', 'b']);
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a', 'b']);
    await engine.settled();
    assert.equal(engine.platform.retired.length, 3);
  });

  it('by PUT keeps Tasks that it does not name, each by itself', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c', 'd');
    await engine.put([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await engine.put([['a', 'c']]);
    assert.deepEqual(engine.groups(), ['a+c', 'b', 'd']);
    for (const name of ['a', 'b', 'c', 'd']) assert.equal(await engine.invoke(name), name);
  });

  it('with more than 10,000 names is refused, all at once or one by one', async (t) => {
    const engine = await withTasks(t, 'a');
    const tooLarge = (names: number) => ({
      code: 'too-large',
      message: new RegExp(`^The setup names ${names} Tasks, and a setup can name 10000: leave out`),
    });
    const names = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    await assert.rejects(engine.put([[...names, 'a']]), tooLarge(10_001));
    await engine.put([names]);
    await assert.rejects(engine.patch([['a', 'b']]), tooLarge(10_002));
    await engine.patch([['t1', 't2']]);
    assert.equal(await engine.invoke('a'), 'a');
  });

  it('by PATCH makes its groups and leaves the rest', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c', 'd', 'e');
    await engine.put([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    await engine.patch([['c', 'd']]);
    assert.deepEqual(engine.groups(), ['a+b', 'c+d', 'e']);
  });

  it('keeps functions that already hold what it wants', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c');
    await engine.put([['a', 'b']]);
    const [kept, alone] = [engine.fn('a').name, engine.fn('c').name];
    await engine.put([['b', 'a'], ['c']]);
    assert.deepEqual([engine.fn('b').name, engine.fn('c').name], [kept, alone]);
  });

  it('moves all its groups in one step', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c', 'd');
    const seen: string[][] = [];
    engine.fusionizer.onMove(() => seen.push(engine.groups()));
    await engine.put([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(seen, [['a+b', 'c+d']]);
  });

  it('that fails in one of its groups applies none, and leaves nothing of the others', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'x', 'y');
    const before = engine.platform.functions.map(({ name }) => name);
    engine.platform.at = (stage, group) => {
      if (stage === 'start' && group.includes('x')) throw new Error('no luck');
    };
    await assert.rejects(
      engine.put([
        ['a', 'b'],
        ['x', 'y'],
      ]),
      /no luck/,
    );
    await engine.settled();
    assert.deepEqual(
      engine.platform.functions.map(({ name }) => name),
      before,
    );
    const { error, desired } = engine.fusionizer.setupView();
    assert.deepEqual([error, desired], ['no luck', []]);
    await engine.put([['a', 'b']]);
    assert.equal(engine.fusionizer.setupView().error, null);
  });

  it('that cannot be fused names the two Tasks, and changes nothing', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', mode('a', 'one'));
    await engine.deploy('b', mode('b', 'two'));
    await assert.rejects(engine.put([['a', 'b']]), { code: 'setup', message: /'a' and 'b' cannot be fused.*MODE/ });
    assert.deepEqual(engine.groups(), ['a', 'b']);
  });

  it('forgets a name that is not deployed and waits for no other, however it came to be alone', async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    const view = (): unknown[] => [engine.fusionizer.setupView().desired, engine.fusionizer.setupView().waiting];
    await engine.put([['a', 'calller']], { kind: 'patch' });
    assert.deepEqual(view(), [[['a', 'calller']], ['calller']]);
    await engine.put([['calller']], { kind: 'patch' });
    assert.deepEqual(view(), [[['a']], []]);
    await engine.put([['x'], ['a'], ['y', 'z']]);
    assert.deepEqual(view(), [
      [['a'], ['y', 'z']],
      ['y', 'z'],
    ]);
    await engine.put([['z']], { kind: 'patch' });
    assert.deepEqual(view(), [[['a']], []]);
    await engine.put([['b', 'w']], { kind: 'patch' });
    await engine.fusionizer.delete('b');
    assert.deepEqual(view(), [[['a']], []]);
  });

  it('makes names that are not deployed wait, and they join when they are', async (t) => {
    const engine = await withTasks(t, 'a');
    await engine.put([['a', 'later']]);
    assert.deepEqual([engine.fusionizer.setupView().waiting, engine.groups()], [['later'], ['a']]);
    await engine.deploy('later', saying('later'));
    assert.deepEqual([engine.fusionizer.setupView().waiting, engine.groups()], [[], ['a+later']]);
  });

  it('that waits for Tasks has all of them when they are deployed at the same time', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.put([['a', 'b', 'c']]);
    await Promise.all(['a', 'b', 'c'].map((name) => engine.deploy(name, saying(name))));
    assert.deepEqual(engine.groups(), ['a+b+c']);
  });

  it('is refused when the revision is another one', async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    const { revision } = engine.fusionizer.setupView();
    await engine.put([['a', 'b']], { ifRevision: revision });
    await assert.rejects(engine.put([], { ifRevision: revision }), { code: 'revision' });
    assert.deepEqual(engine.groups(), ['a+b']);
  });

  it('that newer ones supersede ends as superseded; the newest is reached', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c');
    const results = await Promise.allSettled([
      engine.put([['a', 'b']]),
      engine.put([['b', 'c']]),
      engine.put([['a', 'c']]),
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === 'rejected' ? result.reason.code : 'reached')),
      ['superseded', 'superseded', 'reached'],
    );
    assert.deepEqual(engine.groups(), ['a+c', 'b']);
  });

  it('does not wait for a deploy that it does not touch', async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    engine.platform.at = (stage, group) =>
      stage === 'build' && group.includes('slow') ? new Promise(() => {}) : undefined;
    const slow = assert.rejects(engine.deploy('slow', saying('slow'), { operation: 'slow' }), { code: 'cancelled' });
    await engine.reaches('slow', 'build');
    await engine.put([['a', 'b']]);
    assert.deepEqual(engine.groups(), ['a+b']);
    engine.fusionizer.operations.cancel('slow');
    await slow;
  });

  it('ends when its own signal does', async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    const controller = new AbortController();
    engine.platform.at = (stage) => (stage === 'start' ? controller.abort(new Error('optimizer ended')) : undefined);
    await assert.rejects(engine.put([['a', 'b']], { signal: controller.signal }), /optimizer ended/);
    assert.deepEqual([engine.groups(), engine.fusionizer.setupView().error], [['a', 'b'], null]);
  });

  it('says who set it', async (t) => {
    const engine = await withTasks(t, 'a');
    assert.equal(engine.fusionizer.setupView().origin, 'manual');
    await engine.put([['a']], { origin: 'optimizer' });
    assert.equal(engine.fusionizer.setupView().origin, 'optimizer');
  });
});

describe('a deletion', () => {
  it('keeps the rest of the group serving, and takes the name out of a manual setup', async (t) => {
    const engine = await withTasks(t, 'a', 'b', 'c');
    await engine.put([['a', 'b', 'c']]);
    await engine.fusionizer.delete('b');
    assert.deepEqual(engine.groups(), ['a+c']);
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('c')], ['a', 'c']);
    assert.throws(() => engine.fusionizer.task('b'), { code: 'not-found' });
    await engine.deploy('b', saying('b'));
    assert.deepEqual(engine.groups(), ['a+c', 'b']);
  });

  it("leaves the name in an optimizer's setup, so that the Task joins its group again", async (t) => {
    const engine = await withTasks(t, 'a', 'b');
    await engine.put([['a', 'b']], { origin: 'optimizer' });
    await engine.fusionizer.delete('b');
    assert.deepEqual(engine.fusionizer.setupView().waiting, ['b']);
    await engine.deploy('b', saying('b'));
    assert.deepEqual(engine.groups(), ['a+b']);
  });

  it('of the last Task leaves no function', async (t) => {
    const engine = await withTasks(t, 'a');
    await engine.fusionizer.delete('a');
    await engine.settled();
    assert.deepEqual([engine.platform.functions, engine.groups()], [[], []]);
    await assert.rejects(engine.fusionizer.delete('a'), { code: 'not-found' });
  });

  it('forgets what is known of the Task: statistics and log', async (t) => {
    const engine = await withTasks(t, 'a');
    await engine.invoke('a');
    assert.equal(engine.fusionizer.taskView('a').calls, 1);
    await engine.fusionizer.delete('a');
    await engine.deploy('a', saying('a'));
    assert.equal(engine.fusionizer.taskView('a').calls, 0);
  });

  it('waits for a running event of the function, which is answered', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', {
      ...saying(''),
      'main.js': "exports.handler = (c) => setTimeout(() => c.callback('late'), 20);",
    });
    const answer = engine.invoke('a');
    await engine.fusionizer.delete('a');
    assert.equal(await answer, 'late');
    await until('the function to be removed', () => engine.platform.functions.length === 0);
  });
});
