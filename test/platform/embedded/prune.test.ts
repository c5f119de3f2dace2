import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FusionizerClient } from '../../../src/client/fusionizerClient.ts';
import { CliHarness } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { writeWheel } from '../../support/packages.ts';
import { type Files, TestServer } from '../../support/server.ts';
import { commands, nodeTask, pythonTask } from '../../support/tasks.ts';
import { until } from '../../support/until.ts';

const task = (text: string, ...list: string[]): Files =>
  nodeTask(`exports.handler = (c) => c.callback('${text}');`, commands(...list));
const folders = (server: TestServer): Promise<string[]> => readdir(path.join(server.state, 'envs'));

describe('unused environments', () => {
  it('are shown with what they take, and removed on demand; those in use stay', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    const dir = await temporaryFolder(t);
    for (const name of ['one', 'two']) await writeWheel(dir, name, '1.0', `VERSION = "${name}"\n`);
    const python = (name: string): Files =>
      pythonTask(
        `import ${name}\n\ndef handler(context, event):\n    return ${name}.VERSION\n`,
        commands(`pip install --no-index --find-links ${dir} ${name}==1.0`),
      );
    await server.deploy('a', python('one'));
    await server.deploy('b', python('two'));
    await server.deploy('c', task('c', 'head -c 1000000 /dev/zero > zeros', ': http://user:secret@localhost/'));
    assert.equal((await server.changeSetup('PUT', [['a', 'b'], ['c']])).status, 200);
    await server.request('/c', { method: 'DELETE' });
    const usesOf = async (): Promise<number[]> => (await client.environments()).environments.map(({ uses }) => uses);
    // The layers of `a` and `b`, and the one that joins them.
    await until('the end of the old functions', async () => (await usesOf()).sort().join() === '0,1,1,1');
    const view = await client.environments();
    const unused = view.environments.find(({ uses }) => uses === 0);
    assert.ok(unused && unused.bytes >= 1_000_000 && view.bytes > unused.bytes);
    assert.deepEqual(unused.commands, ['head -c 1000000 /dev/zero > zeros', ': http://***@localhost/']);
    assert.deepEqual(await client.prune(), { removed: [unused], bytes: unused.bytes });
    assert.equal((await folders(server)).length, 3);
    assert.deepEqual([(await server.post('a')).text, (await server.post('b')).text], ['one', 'two']);
    await client.prune({ cache: true });
    assert.equal((await client.environments()).cacheBytes, 0);
    await server.deploy('c', task('c', 'true'));
    await server.restart();
    assert.deepEqual([(await server.post('a')).text, (await server.post('c')).text], ['one', 'c']);
  });

  it('are removed by themselves after a time', async (t) => {
    const times = { environmentKept: 1, environmentInterval: 20 };
    const server = await TestServer.start(t, { times });
    await server.deploy('used', task('used', 'true'));
    await server.deploy('gone', task('gone', ': another'));
    assert.equal((await folders(server)).length, 2);
    await server.request('/gone', { method: 'DELETE' });
    await until('the removal', async () => (await folders(server)).length === 1);
    assert.equal((await server.post('used')).text, 'used');
  });

  it('are made again by a deploy that comes while they are removed', async (t) => {
    const server = await TestServer.start(t);
    const client = new FusionizerClient(server.url);
    let deploying = true;
    const prune = (async () => {
      while (deploying) await client.prune();
    })();
    for (let round = 0; round < 3; round += 1) {
      await server.deploy('one', task(`${round}`, 'mkdir -p node_modules/own', 'echo > node_modules/own/index.js'));
      assert.equal((await server.post('one')).text, `${round}`);
      await server.request('/one', { method: 'DELETE' });
    }
    deploying = false;
    await prune;
  });

  it('are shown and removed by the command line', async (t) => {
    const cli = await CliHarness.create();
    t.after(() => cli.close());
    await cli.serve();
    const nothing = 'There is nothing to remove: no build command has installed or downloaded anything.\n';
    const empty = await cli.run(['prune', '--dry-run']);
    assert.deepEqual([empty.stdout, empty.stderr], ['', nothing]);
    await cli.writeTask('one', "exports.handler = (c) => c.callback('1');", ['echo made > file']);
    assert.equal((await cli.run(['deploy', 'one'])).code, 0);
    const used = await cli.run(['prune', '--dry-run']);
    assert.match(
      used.stdout,
      /^BUILD COMMANDS +SIZE +USED BY +LAST USED\necho made > file +\S+ KiB +1 function +now\n$/,
    );
    assert.match(used.stderr, /^1 environment, \S+ KiB; none is unused; downloads 0 B\n$/);
    assert.match((await cli.run(['prune'])).stderr, /^There is nothing to remove: no environment is unused\.\n$/);
    assert.equal((await cli.run(['delete', 'one'])).code, 0);
    const pruned = await until('the removal', async () => {
      const { stdout } = await cli.run(['prune', '--json']);
      const { removed } = JSON.parse(stdout) as { removed: { commands: string[] }[] };
      return removed[0];
    });
    assert.deepEqual(pruned.commands, ['echo made > file']);
  });
});
