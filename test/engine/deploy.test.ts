import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { TestEngine } from '../fakes/engine.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const BROKEN = { ...saying(''), 'main.js': "throw new Error('broken on purpose');" };
const mode = (text: string, value: string) => saying(text, 'nodejs', `  env:\n    - {name: MODE, value: ${value}}\n`);

describe('a deploy', () => {
  it('serves the Task, and its operation goes through all stages', async (t) => {
    const engine = await TestEngine.start(t);
    const task = await engine.deploy('a', saying('I am a'), { operation: 'one' });
    assert.equal(await engine.invoke('a'), 'I am a');
    assert.deepEqual([task.name, task.version], ['a', 1]);
    assert.deepEqual(engine.stages('one'), ['upload', 'queued', 'build', 'start', 'ready']);
    assert.deepEqual(
      [engine.operation('one').state, engine.operation('one').result],
      ['done', "Successfully deployed Task 'a'"],
    );
  });

  it('replaces the version that served, and retires its function afterwards', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('one'));
    const { name } = engine.fn('a');
    engine.platform.at = (stage) => {
      // New before old: the old function still serves while the new one starts.
      if (stage === 'start') assert.equal(engine.fn('a').name, name);
      if (stage === 'retire') assert.notEqual(engine.fn('a').name, name);
    };
    const task = await engine.deploy('a', saying('two'));
    assert.deepEqual([await engine.invoke('a'), task.version], ['two', 2]);
    await engine.settled();
    assert.deepEqual(engine.platform.retired, [name]);
    await until('the old build to be removed', async () => (await readdir(engine.store.buildsDir)).length === 1);
  });

  it('of unchanged content does nothing', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('x'));
    const { name } = engine.fn('a');
    const task = await engine.deploy('a', saying('x'));
    assert.deepEqual([engine.fn('a').name, task.version, engine.platform.deployed.length], [name, 1, 1]);
    assert.deepEqual(await readdir(path.join(engine.dir, 'tmp')), []);
  });

  it('of unchanged content makes a new version when it is forced', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('x'));
    const { name } = engine.fn('a');
    const task = await engine.deploy('a', saying('x'), { force: true });
    assert.notEqual(engine.fn('a').name, name);
    assert.equal(task.version, 2);
  });

  it('of unchanged content is not skipped while its function is in a crash loop', async (t) => {
    const engine = await TestEngine.start(t);
    const files = {
      ...saying(''),
      'main.js': 'exports.handler = () => process.exit(1);',
    };
    await engine.deploy('a', files);
    for (let count = 0; count < 3; count += 1) await engine.invoke('a');
    assert.equal(engine.fusionizer.taskView('a').state, 'crash-loop');
    assert.match(engine.fusionizer.taskView('a').lastError ?? '', /3 times in a row/);
    const { name } = engine.fn('a');
    await engine.deploy('a', files);
    assert.notEqual(engine.fn('a').name, name);
  });

  for (const stage of ['build', 'start'] as const) {
    it(`that fails at '${stage}' changes nothing`, async (t) => {
      const engine = await TestEngine.start(t);
      await engine.deploy('a', saying('first'));
      const { revision } = engine.fusionizer.setupView();
      engine.platform.at = (at) => {
        if (at === stage) throw new Error(`no luck at ${stage}`);
      };
      await assert.rejects(engine.deploy('a', saying('second'), { operation: 'bad' }), /no luck/);
      assert.equal(await engine.invoke('a'), 'first');
      assert.equal(engine.fusionizer.setupView().revision, revision);
      assert.equal(engine.operation('bad').state, 'failed');
      assert.match(engine.fusionizer.taskView('a').lastError ?? '', /no luck/);
      assert.deepEqual(await readdir(path.join(engine.dir, 'tasks', 'a')), ['1']);
      assert.equal((await readdir(engine.store.buildsDir)).length, 1);
      engine.platform.at = () => {};
      await engine.deploy('a', saying('third'));
      assert.equal(engine.fusionizer.taskView('a').lastError, null);
    });
  }

  it('that the platform refuses builds nothing', async (t) => {
    const engine = await TestEngine.start(t);
    const trigger = '  triggers: {stream: {kind: kafka-cluster}}\n';
    const refused = { code: 'task', message: /kafka-cluster/, file: 'function.yaml', line: 6 };
    await assert.rejects(engine.deploy('a', saying('x', 'nodejs', trigger)), refused);
    assert.deepEqual([engine.platform.deployed, await readdir(engine.store.buildsDir)], [[], []]);
  });

  it('that fails leaves no Task when it was the first', async (t) => {
    const engine = await TestEngine.start(t);
    await assert.rejects(engine.deploy('a', BROKEN), /broken on purpose/);
    assert.deepEqual([engine.fusionizer.taskNames, engine.groups()], [[], []]);
    assert.deepEqual(await readdir(path.join(engine.dir, 'tasks')), []);
    assert.throws(() => engine.fusionizer.task('a'), { code: 'not-found' });
  });

  it('whose name cannot be a Task is refused with one that can', async (t) => {
    const engine = await TestEngine.start(t);
    await assert.rejects(engine.deploy('My_Task', saying('x')), /such as 'my-task'/);
  });

  it('that a newer one supersedes while it starts ends as superseded, and the newer one serves', async (t) => {
    const engine = await TestEngine.start(t);
    let first = true;
    engine.platform.at = (stage) => {
      if (stage !== 'start' || !first) return;
      first = false;
      return new Promise(() => {});
    };
    const old = assert.rejects(engine.deploy('a', saying('old'), { operation: 'old' }), { code: 'superseded' });
    await engine.reaches('old', 'start');
    await engine.deploy('a', saying('new'));
    await old;
    assert.equal(engine.operation('old').state, 'superseded');
    assert.equal(await engine.invoke('a'), 'new');
    assert.equal(engine.platform.functions.length, 1);
  });

  it('can be cancelled while it builds: the old version serves on', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('old'));
    engine.platform.at = (stage) => (stage === 'build' ? new Promise(() => {}) : undefined);
    const deploy = assert.rejects(engine.deploy('a', saying('new'), { operation: 'slow' }), { code: 'cancelled' });
    await engine.reaches('slow', 'build');
    engine.fusionizer.operations.cancel('slow');
    await deploy;
    assert.equal(engine.operation('slow').state, 'cancelled');
    assert.equal(await engine.invoke('a'), 'old');
    assert.equal((await readdir(engine.store.buildsDir)).length, 1);
  });

  it('can be cancelled while it waits for another change, and then never builds', async (t) => {
    const engine = await TestEngine.start(t);
    for (const name of ['a', 'b']) await engine.deploy(name, saying(name));
    await engine.put([['a', 'b']]);
    let go = (): void => {};
    engine.platform.at = (stage) => (stage === 'start' ? new Promise<void>((resolve) => (go = resolve)) : undefined);
    const running = engine.deploy('a', saying('a2'), { operation: 'running' });
    await engine.reaches('running', 'start');
    const waiting = assert.rejects(engine.deploy('b', saying('b2'), { operation: 'waiting' }), { code: 'cancelled' });
    await engine.reaches('waiting', 'queued');
    engine.fusionizer.operations.cancel('waiting');
    await waiting;
    assert.deepEqual(engine.stages('waiting'), ['upload', 'queued']);
    go();
    await running;
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a2', 'b']);
  });

  it('moves traffic back when the state cannot be saved', async (t) => {
    const engine = await TestEngine.start(t);
    for (const name of ['a', 'b']) await engine.deploy(name, saying(name));
    await engine.put([['a', 'b']]);
    const before = engine.fusionizer.setupView();
    const { save } = engine.store;
    const moves: string[] = [];
    engine.fusionizer.onMove(() => moves.push(engine.fn('a').name));
    engine.store.save = () => Promise.reject(new Error('the disk is full'));
    await assert.rejects(engine.deploy('a', saying('a2')), /the disk is full/);
    await assert.rejects(engine.put([]), /the disk is full/);
    await assert.rejects(engine.fusionizer.delete('b'), /the disk is full/);
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a', 'b']);
    assert.deepEqual({ ...engine.fusionizer.setupView(), error: null }, before);
    assert.equal(engine.fusionizer.setupView().error, 'the disk is full');
    assert.equal(moves.at(-1), before.functions[0]?.name);
    await engine.settled();
    engine.store.save = save;
    await engine.deploy('a', saying('a3'));
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a3', 'b']);
  });

  it('keeps five old versions', async (t) => {
    const engine = await TestEngine.start(t);
    for (let version = 1; version <= 8; version += 1) await engine.deploy('a', saying(`v${version}`));
    const versions = (await readdir(path.join(engine.dir, 'tasks', 'a'))).map(Number).sort();
    assert.deepEqual(versions, [3, 4, 5, 6, 7, 8]);
  });

  it('warns, and the Task shows the warnings of its last deploy', async (t) => {
    const engine = await TestEngine.start(t);
    const port = '  triggers: {web: {kind: http, attributes: {port: 8080}}}\n';
    await engine.put([['a', 'b']]);
    await engine.deploy('b', saying('b'));
    await engine.deploy('a', saying('a', 'nodejs', port), { operation: 'warned' });
    assert.match(engine.operation('warned').warnings.join(), /port of Task 'a' is dropped/);
    assert.deepEqual(engine.fusionizer.taskView('a').warnings, engine.operation('warned').warnings);
    await engine.deploy('a', saying('a2'));
    assert.deepEqual(engine.fusionizer.taskView('a').warnings, []);
  });

  it('stores where its files come from in the package, as plain data', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', saying('a'), { source: engine.dir });
    const [made] = engine.platform.deployed;
    assert.deepEqual(made?.sourceFolders, [{ built: 'tasks/a', source: engine.dir }]);
    assert.deepEqual(JSON.parse(JSON.stringify(made)), { ...made, runtime: { family: 'nodejs' } });
  });

  it('of different groups run at the same time, those of one group one after the other', async (t) => {
    const engine = await TestEngine.start(t);
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await engine.deploy(name, saying(name));
    await engine.put([['a', 'b']]);
    const started: string[] = [];
    const release: (() => void)[] = [];
    engine.platform.at = (stage, group) => {
      if (stage !== 'start') return;
      started.push(group.join('+'));
      return new Promise<void>((resolve) => release.push(resolve));
    };
    const deploys = names.map((name) => engine.deploy(name, saying(`${name}2`)));
    await until('three of the four to start', () => started.length === 3);
    assert.deepEqual([...started].sort(), ['a+b', 'c', 'd']);
    for (const go of release.splice(0)) go();
    await until('the fourth to start', () => started.length === 4);
    assert.equal(started.at(-1), 'a+b');
    for (const go of release) go();
    await Promise.all(deploys);
    for (const name of names) assert.equal(await engine.invoke(name), `${name}2`);
    assert.deepEqual(engine.groups(), ['a+b', 'c', 'd']);
  });

  it('into a group that the Task does not fit leaves it alone, and says why until it fits', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('a', mode('a', 'one'));
    await engine.put([['a', 'later']]);
    await engine.deploy('later', mode('later', 'two'), { operation: 'apart' });
    assert.deepEqual(engine.groups(), ['a', 'later']);
    assert.match(engine.fusionizer.setupView().apart[0]?.reason ?? '', /'later' serves alone.*MODE/s);
    assert.match(engine.operation('apart').warnings.join(), /'later' serves alone/);
    await engine.deploy('later', mode('later', 'one'));
    assert.deepEqual([engine.groups(), engine.fusionizer.setupView().apart], [['a+later'], []]);
  });

  it('of a Task that leaves its conflict is refused in its own group: it changes nothing', async (t) => {
    const engine = await TestEngine.start(t);
    for (const name of ['a', 'b']) await engine.deploy(name, mode(name, 'one'));
    await engine.put([['a', 'b']]);
    await assert.rejects(engine.deploy('b', mode('b', 'two')), (error: { code?: unknown; message: string }) => {
      assert.equal(error.code, 'task');
      return /cannot be fused.*MODE/.test(error.message);
    });
    assert.deepEqual([engine.groups(), await engine.invoke('b')], [['a+b'], 'b']);
  });

  it('names the line of function.yaml that is wrong', async (t) => {
    const engine = await TestEngine.start(t);
    const files = { 'function.yaml': functionYaml('nodejs'), 'other.js': '' };
    await assert.rejects(engine.deploy('a', files), /function\.yaml:5: spec\.handler is 'main:handler', but the Task/);
  });
});
