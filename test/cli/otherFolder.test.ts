import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';

const answers = (text: string): string => `exports.handler = (context) => context.callback('${text}');\n`;

describe('a second folder of one name', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.serve();
    for (const folder of ['a', 'b']) await cli.writeTask(`${folder}/cart`, answers(folder));
    await cli.run(['deploy', 'a/cart']);
  });
  after(() => cli.close());

  it('is refused by deploy, which names both folders and what to do', async () => {
    const { code, stdout, stderr } = await cli.run(['deploy', 'b/cart']);
    const [a, b] = ['a', 'b'].map((folder) => path.join(cli.dir, folder, 'cart'));
    assert.deepEqual([code, stdout], [1, '']);
    assert.ok(
      stderr.includes(`error: Task 'cart' was deployed from ${a}. A deploy from ${b} would replace it,`),
      stderr,
    );
    assert.match(
      stderr,
      /metadata\.name .*\n {2}To replace it: \S.* deploy --replace b\/cart\n {2}version 1 of Task 'cart' still serves\n$/,
    );
    assert.equal((await cli.run(['invoke', 'cart'])).stdout, 'a');
  });

  it('is refused with its code in JSON, also with --force and by a single file', async () => {
    await cli.write({ 'single/cart.js': answers('single') });
    for (const args of [['b/cart'], ['b/cart', '--force'], ['single/cart.js'], ['single', '--name', 'cart']]) {
      const { code, stdout, stderr } = await cli.run(['deploy', ...args, '--json']);
      const { ok, source, error } = JSON.parse(stdout);
      assert.deepEqual([code, stderr, ok, source, error.code, error.status], [1, '', false, args[0], 'source', 409]);
      assert.match(error.hint, /deploy --replace /);
    }
  });

  it('is no failure of the Task that is deployed', async () => {
    assert.doesNotMatch((await cli.run(['get', 'cart'])).stdout, /error/i);
  });

  it('replaces the Task with --replace, and the first folder is refused from then on', async () => {
    const replaced = await cli.run(['deploy', '--replace', 'b/cart']);
    assert.equal(replaced.code, 0, replaced.stderr);
    assert.match(replaced.stderr, /version 2 serves/);
    assert.equal((await cli.run(['invoke', 'cart'])).stdout, 'b');
    assert.equal((await cli.run(['deploy', 'a/cart'])).code, 1);
  });

  it('is the same one after it was renamed', async () => {
    await rename(path.join(cli.dir, 'b/cart'), path.join(cli.dir, 'b/basket'));
    const { code, stderr } = await cli.run(['deploy', 'b/basket', '--name', 'cart']);
    assert.equal(code, 0, stderr);
    await rename(path.join(cli.dir, 'b/basket'), path.join(cli.dir, 'b/cart'));
    assert.equal((await cli.run(['deploy', 'b/cart'])).code, 0);
  });

  it('is refused by dev: the folder that is deployed stays, and one from elsewhere needs deploy', async () => {
    // The server has the Task of b/cart, although a/cart comes first.
    const dev = cli.start(['dev', '--server', cli.server]);
    await dev.until(/a\/cart and b\/cart are both Task 'cart'\. Change metadata\.name in one of them\./);
    await dev.until(/ cart +deployed version \d+ \(unchanged\)/);
    dev.child.kill('SIGINT');
    assert.equal((await dev.ended).code, 0);
    const other = cli.start(['dev', 'a', '--server', cli.server]);
    await other.until(/ cart +failed Task 'cart' was deployed from \S+b\/cart\./);
    await other.until(/To replace it: \S.* deploy --replace a\/cart$/m);
    assert.equal((await cli.run(['deploy', '--replace', 'a/cart'])).code, 0);
    await other.until(/ cart +version \d+ deployed by another client/);
    await cli.writeTask('a/cart', answers('saved'));
    await other.until(/ cart +deployed version /);
    assert.equal((await cli.run(['invoke', 'cart'])).stdout, 'saved');
    other.child.kill('SIGINT');
    assert.equal((await other.ended).code, 0);
  });
});
