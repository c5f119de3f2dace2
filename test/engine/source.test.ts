import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestEngine } from '../fakes/engine.ts';
import { saying } from '../support/tasks.ts';

const refused = { name: 'FusionizerError', code: 'source' };

describe('a deploy from another folder', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-source-'));
  });
  after(() => rm(dir, { recursive: true }));

  const folder = async (name: string): Promise<string> => {
    const made = path.join(dir, name);
    await mkdir(made, { recursive: true });
    return made;
  };

  it('is refused before its upload, and nothing of the Task changes', async (t) => {
    const engine = await TestEngine.start(t);
    const [a, b] = [await folder('a/cart'), await folder('b/cart')];
    await engine.deploy('cart', saying('one'), { source: a });
    const deploy = engine.deploy('cart', saying('two'), { source: b, operation: 'refused' });
    await assert.rejects(deploy, {
      ...refused,
      message:
        `Task 'cart' was deployed from ${a}. A deploy from ${b} would replace it, so nothing was changed. ` +
        'Change metadata.name in one of them, or say that it replaces the Task (Fusionizer-Replace: true)',
    });
    assert.deepEqual([engine.operation('refused').error?.status, engine.stages('refused')], [409, []]);
    const { version, source, lastError } = engine.fusionizer.taskView('cart');
    assert.deepEqual([await engine.invoke('cart'), version, source, lastError], ['one', 1, a, null]);
  });

  it('replaces the Task where it says so, and goes on with its versions', async (t) => {
    const engine = await TestEngine.start(t);
    const [a, b] = [await folder('a/cart'), await folder('b/cart')];
    await engine.deploy('cart', saying('one'), { source: a });
    await engine.deploy('cart', saying('two'), { source: b, replace: true });
    const { version, source } = engine.fusionizer.taskView('cart');
    assert.deepEqual([await engine.invoke('cart'), version, source], ['two', 2, b]);
    await engine.deploy('cart', saying('three'), { source: b });
    await assert.rejects(engine.deploy('cart', saying('four'), { source: a }), refused);
  });

  it('does not supersede a first deploy that is under way, but waits for it and is refused', async (t) => {
    const engine = await TestEngine.start(t);
    let go: () => void = () => {};
    engine.platform.at = (stage) => {
      if (stage !== 'start') return undefined;
      return new Promise((resolve) => {
        go = resolve;
      });
    };
    const first = engine.deploy('cart', saying('one'), { source: '/a/cart', operation: 'first' });
    await engine.reaches('first', 'start');
    const second = engine.deploy('cart', saying('two'), { source: '/b/cart', operation: 'second' });
    const refusal = assert.rejects(second, refused);
    await engine.reaches('second', 'queued');
    go();
    await Promise.all([first, refusal]);
    assert.equal(await engine.invoke('cart'), 'one');
  });

  it('takes the name when the first deploy fails', async (t) => {
    const engine = await TestEngine.start(t);
    const broken = { ...saying(''), 'main.js': "throw new Error('broken on purpose');" };
    const first = engine.deploy('cart', broken, { source: '/a/cart', operation: 'first' });
    const failure = assert.rejects(first, { code: 'task' });
    await engine.reaches('first', 'queued');
    const second = engine.deploy('cart', saying('two'), { source: '/b/cart' });
    await Promise.all([failure, second]);
    assert.equal(await engine.invoke('cart'), 'two');
  });

  it('is known after a restart', async (t) => {
    const engine = await TestEngine.start(t);
    const [a, b] = [await folder('a/cart'), await folder('b/cart')];
    await engine.deploy('cart', saying('one'), { source: a });
    await engine.restart({ crash: true });
    await assert.rejects(engine.deploy('cart', saying('two'), { source: b }), refused);
    await engine.deploy('cart', saying('three'), { source: a });
    assert.equal(await engine.invoke('cart'), 'three');
  });

  it('cannot be known of a Task without a source; from then on it is', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('cart', saying('one'));
    await engine.restart();
    await engine.deploy('cart', saying('one'), { source: '/a/cart' });
    await assert.rejects(engine.deploy('cart', saying('two'), { source: '/b/cart' }), refused);
    // The clients of the original send no source.
    await engine.deploy('cart', saying('three'));
    assert.deepEqual([await engine.invoke('cart'), engine.fusionizer.taskView('cart').source], ['three', null]);
  });

  it('is no other one where it was moved, on the machine of the server', async (t) => {
    const engine = await TestEngine.start(t);
    const a = await folder('old/cart');
    await engine.deploy('cart', saying('one'), { source: a });
    const moved = path.join(dir, 'moved');
    await rename(a, moved);
    await engine.restart();
    await engine.deploy('cart', saying('two'), { source: moved });
    assert.deepEqual([await engine.invoke('cart'), engine.fusionizer.taskView('cart').source], ['two', moved]);
    // A path that was never here may be one on another machine.
    await engine.deploy('cart', saying('three'), { source: '/elsewhere/cart', replace: true });
    await assert.rejects(engine.deploy('cart', saying('four'), { source: moved }), refused);
    // And one that is not here now may be moved there.
    await engine.deploy('cart', saying('five'), { source: moved, replace: true });
    await assert.rejects(engine.deploy('cart', saying('six'), { source: '/elsewhere/cart' }), refused);
  });

  it('is another one where the runtime is, though the folder before is gone', async (t) => {
    const engine = await TestEngine.start(t);
    const [a, b] = [await folder('gone/cart'), await folder('other/cart')];
    await engine.deploy('cart', saying('one'), { source: a });
    await rm(a, { recursive: true });
    await assert.rejects(engine.deploy('cart', saying('two', 'python'), { source: b }), refused);
    await engine.deploy('cart', saying('three'), { source: b });
    assert.equal(await engine.invoke('cart'), 'three');
  });

  it("is not blamed for what another folder's deploy fails for", async (t) => {
    const engine = await TestEngine.start(t);
    const [a, b] = [await folder('fine/cart'), await folder('broken/cart')];
    await engine.deploy('cart', saying('one'), { source: a });
    const broken = { ...saying(''), 'main.js': "throw new Error('broken on purpose');" };
    await assert.rejects(engine.deploy('cart', broken, { source: b, replace: true }), { code: 'task' });
    assert.equal(engine.fusionizer.taskView('cart').lastError, null);
    await assert.rejects(engine.deploy('cart', broken, { source: a }), { code: 'task' });
    assert.match(engine.fusionizer.taskView('cart').lastError ?? '', /broken on purpose/);
  });

  it('of an older server is asked about as if its folder was elsewhere', async (t) => {
    const engine = await TestEngine.start(t);
    const a = await folder('older/cart');
    await engine.deploy('cart', saying('one'), { source: a });
    await engine.fusionizer.close();
    const file = path.join(engine.dir, 'state.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/\s*"isSourceHere": true,/, ''));
    await engine.restart();
    await engine.deploy('cart', saying('two'), { source: a });
    assert.equal(JSON.parse(await readFile(file, 'utf8')).tasks[0].isSourceHere, true);
  });

  for (const [what, one, other] of [
    ['a slash at its end', '/a/cart', '/a/cart/'],
    ['the letter case and the separators of Windows', 'C:\\work\\Cart', 'c:/work/cart/'],
    ['the name of its only file', '/a/cart', '/a/cart/main.py'],
    ['those of a Windows share', '\\\\server\\share\\cart', '\\\\SERVER\\share\\Cart\\'],
  ] as const)
    it(`is the same one but for ${what}`, async (t) => {
      const engine = await TestEngine.start(t);
      await engine.deploy('cart', saying('one'), { source: one });
      await engine.deploy('cart', saying('two'), { source: other });
      assert.equal(await engine.invoke('cart'), 'two');
    });

  it('is the same one behind a link', async (t) => {
    const engine = await TestEngine.start(t);
    const a = await folder('real/cart');
    await symlink(path.join(dir, 'real'), path.join(dir, 'link'));
    await engine.deploy('cart', saying('one'), { source: a });
    await engine.deploy('cart', saying('two'), { source: path.join(dir, 'link', 'cart') });
    assert.equal(await engine.invoke('cart'), 'two');
  });

  it('is another one by another file of one folder', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('cart', saying('one'), { source: '/a/one.py' });
    await assert.rejects(engine.deploy('cart', saying('two'), { source: '/a/two.py' }), refused);
    await engine.deploy('basket', saying('one'), { source: '/a' });
    await assert.rejects(engine.deploy('basket', saying('two'), { source: '/a/basket' }), refused);
  });

  it('differs by letter case on a machine where that tells folders apart', async (t) => {
    const engine = await TestEngine.start(t);
    await engine.deploy('cart', saying('one'), { source: '/a/cart' });
    await assert.rejects(engine.deploy('cart', saying('two'), { source: '/a/Cart' }), refused);
  });
});
