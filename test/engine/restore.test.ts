import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { BuildNumbers } from '../../src/engine/buildNumbers.ts';
import { TestEngine } from '../fakes/engine.ts';
import type { FakeCluster } from '../fakes/fakePlatform.ts';
import { saying } from '../support/tasks.ts';

async function withGroup(t: Parameters<typeof TestEngine.start>[0], cluster?: FakeCluster): Promise<TestEngine> {
  const engine = await TestEngine.start(t, cluster ? { cluster } : {});
  for (const name of ['a', 'b', 'c']) await engine.deploy(name, saying(name));
  await engine.put([['a', 'b']]);
  await engine.settled();
  return engine;
}

const errors = (engine: TestEngine): string[] =>
  engine.records.filter(({ level }) => level === 'error').map(({ message }) => message);

describe('a restart', () => {
  it('serves the last completed setup, a group and a single Task, with the same versions', async (t) => {
    const engine = await withGroup(t);
    await engine.deploy('c', saying('c2'));
    await engine.restart();
    assert.deepEqual(engine.groups(), ['a+b', 'c']);
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((name) => engine.invoke(name))), ['a', 'b', 'c2']);
    assert.equal(engine.fusionizer.task('c').version, 2);
    await engine.deploy('c', saying('c3'));
    assert.equal(engine.fusionizer.task('c').version, 3);
    assert.deepEqual(errors(engine), []);
  });

  it('after a crash during a deploy serves what was saved, and the files of the deploy are gone', async (t) => {
    const engine = await withGroup(t);
    engine.platform.at = (stage) => (stage === 'start' ? new Promise(() => {}) : undefined);
    const lost = engine.deploy('a', saying('never'), { operation: 'lost' }).catch((error: Error) => error);
    await engine.reaches('lost', 'start');
    await engine.restart({ crash: true });
    await lost;
    assert.deepEqual([engine.groups(), await engine.invoke('a')], [['a+b', 'c'], 'a']);
  });

  it('tries the Tasks of a group that cannot start one by one', async (t) => {
    const engine = await withGroup(t);
    await engine.restart({
      prepare: (platform) => {
        platform.at = (stage, group) => {
          if (stage === 'start' && group.length > 1) throw new Error('not together');
        };
      },
    });
    assert.deepEqual(engine.groups(), ['a', 'b', 'c']);
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('b')], ['a', 'b']);
    assert.match(errors(engine).join(), /\["a","b"\] could not be started again: not together/);
    // The saved setup stays: the next restart tries the group again.
    await engine.restart();
    assert.deepEqual(engine.groups(), ['a+b', 'c']);
  });

  it('keeps a Task that cannot start, with the reason, and a deploy repairs it', async (t) => {
    const engine = await withGroup(t);
    await engine.restart({
      prepare: (platform) => {
        platform.at = (stage, group) => {
          if (stage === 'start' && group.includes('b')) throw new Error('no luck');
        };
      },
    });
    const { state, lastError } = engine.fusionizer.taskView('b');
    assert.deepEqual([state, lastError, engine.fusionizer.brokenReason('b')], ['unhealthy', 'no luck', 'no luck']);
    assert.equal(await engine.invoke('a'), 'a');
    engine.platform.at = () => {};
    await engine.deploy('b', saying('b2'));
    assert.deepEqual([engine.groups(), await engine.invoke('b')], [['a+b', 'c'], 'b2']);
  });

  it('keeps a Task whose files are lost, and serves the others', async (t) => {
    const engine = await withGroup(t);
    await rm(path.join(engine.dir, 'tasks', 'b'), { recursive: true });
    await engine.restart();
    assert.deepEqual([await engine.invoke('a'), await engine.invoke('c')], ['a', 'c']);
    assert.match(engine.fusionizer.brokenReason('b') ?? '', /its files in .* cannot be read.*deploy it again/);
    await engine.deploy('a', saying('a2'));
    assert.match(engine.fusionizer.setupView().apart[0]?.reason ?? '', /files of Task 'b' in .* are lost: deploy it/);
    await assert.rejects(engine.put([['b', 'c']]), /files of Task 'b' in .* are lost: deploy it again/);
    await engine.put([['a', 'c']]);
    assert.deepEqual(engine.groups(), ['a+c', 'b']);
    await engine.deploy('b', saying('b2'));
    assert.deepEqual([engine.groups(), await engine.invoke('b')], [['a+c', 'b'], 'b2']);
  });

  it('names no function as an earlier one, whatever failed in between', async (t) => {
    const engine = await TestEngine.start(t);
    const names: string[] = [];
    const collect = () => {
      engine.platform.at = (stage, _group, name) => {
        if (stage === 'build') names.push(name);
      };
    };
    collect();
    await engine.deploy('a', saying('same'));
    for (const crash of [false, true, true]) {
      await engine.restart({ crash, prepare: (platform) => (platform.at = engine.platform.at) });
      collect();
      // A build that fails saves no state of its own.
      const { at } = engine.platform;
      engine.platform.at = (stage, group, name) => {
        if (stage === 'start') throw new Error('no luck');
        return at(stage, group, name);
      };
      await assert.rejects(engine.deploy('a', saying('same'), { force: true }), /no luck/);
      collect();
    }
    await engine.deploy('a', saying('same'), { force: true });
    assert.equal(names.length, 8);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it('reads a state of a version that knew no functions', async (t) => {
    const engine = await withGroup(t);
    const file = path.join(engine.dir, 'state.json');
    const { functions, ...old } = JSON.parse(await readFile(file, 'utf8'));
    assert.deepEqual(functions, []);
    await writeFile(file, JSON.stringify(old));
    await engine.restart();
    assert.deepEqual(engine.groups(), ['a+b', 'c']);
  });
});

describe('functions that outlive the server', () => {
  it('are adopted: nothing is built, and events are answered as before', async (t) => {
    const engine = await withGroup(t, new Map());
    const names = engine.fusionizer.functions.map(({ name }) => name).sort();
    for (const crash of [false, true]) {
      await engine.restart({ crash });
      assert.deepEqual(engine.platform.adopted.sort(), names);
      assert.deepEqual(engine.platform.deployed, []);
      assert.deepEqual([engine.groups(), await engine.invoke('a')], [['a+b', 'c'], 'a']);
    }
    await engine.deploy('a', saying('a2'));
    assert.equal(await engine.invoke('a'), 'a2');
    await engine.settled();
    assert.deepEqual(await engine.fusionizer.leftovers.find(), []);
  });

  it('are built again when they are gone, and the next restart adopts the new ones', async (t) => {
    const cluster: FakeCluster = new Map();
    const engine = await withGroup(t, cluster);
    await engine.fusionizer.close();
    for (const [name, fn] of cluster) {
      fn.end();
      cluster.delete(name);
    }
    await engine.restart({ crash: true });
    assert.deepEqual([engine.platform.deployed.length, engine.groups()], [2, ['a+b', 'c']]);
    await engine.restart({ crash: true });
    assert.deepEqual([engine.platform.deployed.length, engine.platform.adopted.length], [0, 2]);
    assert.equal(await engine.invoke('b'), 'b');
  });

  it('are built again when the platform cannot adopt them; what is left over can be removed', async (t) => {
    const engine = await withGroup(t, new Map());
    const old = engine.fn('a').name;
    await engine.restart({
      prepare: (platform) => {
        platform.at = (stage, _group, name) => {
          if (stage === 'adopt' && name === old) throw new Error('no answer');
        };
      },
    });
    assert.deepEqual([engine.groups(), await engine.invoke('a')], [['a+b', 'c'], 'a']);
    assert.notEqual(engine.fn('a').name, old);
    const warning = engine.records.find(({ level, message }) => level === 'warn' && message.includes(old));
    assert.match(warning?.message ?? '', /earlier run of this server left on platform 'fake'/);
    assert.deepEqual(await engine.fusionizer.leftovers.prune(), [old]);
    assert.deepEqual(await engine.fusionizer.leftovers.find(), []);
    assert.equal(await engine.invoke('a'), 'a');
  });

  it('of a deploy that a crash interrupted are left over, and nothing serves from them', async (t) => {
    const cluster: FakeCluster = new Map();
    const engine = await withGroup(t, cluster);
    engine.store.save = () => new Promise(() => {});
    void engine.deploy('c', saying('unsaved'));
    await engine.platform.leftovers();
    await new Promise<void>((resolve) => engine.fusionizer.onMove(resolve));
    const unsaved = engine.fn('c').name;
    await engine.restart({ crash: true });
    assert.equal(await engine.invoke('c'), 'c');
    assert.deepEqual(await engine.fusionizer.leftovers.find(), [unsaved]);
  });

  it('do not hold up a start when the platform cannot list what is left over', async (t) => {
    const engine = await withGroup(t, new Map());
    await engine.restart({
      prepare: (platform) => {
        platform.at = (stage) => {
          if (stage === 'leftovers') throw new Error('no answer');
        };
      },
    });
    assert.deepEqual(engine.groups(), ['a+b', 'c']);
    assert.match(errors(engine).join(), /cannot list the functions of earlier runs: no answer/);
  });
});

describe('build numbers', () => {
  it('are given once each, and only from a block that is saved', async () => {
    let saved = 7;
    const given = new Set<number>();
    const numbers: BuildNumbers = new BuildNumbers(saved, async () => {
      const { highest } = numbers;
      await new Promise(setImmediate);
      saved = highest;
    });
    await Promise.all(
      Array.from({ length: 250 }, async () => {
        const number = await numbers.next();
        assert.ok(number <= saved, `${number} is given, ${saved} is saved`);
        assert.ok(number > 7 && !given.has(number));
        given.add(number);
      }),
    );
    assert.equal(given.size, 250);
  });

  it('are not given when the state cannot be saved, but later', async () => {
    let fails = true;
    const numbers = new BuildNumbers(0, async () => {
      if (fails) throw new Error('the disk is full');
    });
    await assert.rejects(numbers.next(), /the disk is full/);
    fails = false;
    assert.equal(await numbers.next(), 1);
  });
});
