import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, readdir, readFile, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { defaultStateDir } from '../../src/state/stateDir.ts';
import { CliHarness } from '../support/cli.ts';

const MARK = 'the-state-of-a-stranger-ran';
/** A Task that leaves a mark as soon as it is loaded. */
const EVIL =
  `require('node:fs').writeFileSync(process.env.HOME + '/${MARK}', ''); ` +
  "exports.handler = (c) => c.callback('evil');\n";
const YAML = 'spec:\n  runtime: nodejs\n  handler: main:handler\n';
const STATE = {
  schema: 1,
  build: 1,
  tasks: [{ name: 'evil', version: 1, hash: '0', source: null, deployedAt: '2026-01-01T00:00:00.000Z' }],
  desired: [],
  actual: [['evil']],
  origin: 'manual',
};

/** All that a server could take for its own, as a repository would bring it. */
function brought(folder: string): Record<string, string> {
  return {
    [`${folder}/state.json`]: JSON.stringify(STATE),
    [`${folder}/tasks/evil/1/function.yaml`]: YAML,
    [`${folder}/tasks/evil/1/main.js`]: EVIL,
    [`${folder}/token`]: 'a-token-that-a-stranger-knows\n',
    // A process that runs: this one. A server that follows it would say that the state is in use.
    [`${folder}/lock.json`]: JSON.stringify({ pid: process.pid, started: null, address: 'http://evil.example:8000/' }),
    [`${folder}/schedule.json`]: '{"0": [["evil"]]}',
    [`${folder}/payloads/evil.json`]: '{}',
  };
}

describe('a cloned repository that brings a .fusionizer', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.write({
      ...brought('repo/.fusionizer'),
      ...brought('repo'),
      'repo/good/function.yaml': YAML,
      'repo/good/main.js': "exports.handler = (c) => c.callback('good');",
    });
    await cli.write({ ...brought('repo/good/.fusionizer') });
    await mkdir(path.join(cli.dir, 'elsewhere'));
    await symlink(path.join(cli.dir, 'elsewhere'), path.join(cli.dir, 'repo', '.fusionizer', 'builds'));
    await symlink(path.join(cli.dir, 'repo'), path.join(cli.dir, 'linked'));
  });
  after(() => cli.close());

  async function serve(cwd: string): Promise<Awaited<ReturnType<CliHarness['serve']>>> {
    const server = cli.start(['serve', '--port', '0'], { cwd });
    [, cli.server = ''] = await server.until(/ready at (\S+)/);
    return server;
  }

  async function stop(server: Awaited<ReturnType<CliHarness['serve']>>): Promise<void> {
    server.child.kill('SIGTERM');
    await server.ended;
  }

  async function assertNothingRan(): Promise<void> {
    await assert.rejects(access(path.join(cli.dir, MARK)), { code: 'ENOENT' });
    assert.deepEqual(await readdir(path.join(cli.dir, 'elsewhere')), []);
  }

  it('runs and follows nothing of it, whether it is reached by its path or by a link', async () => {
    const stateHome = path.join(cli.dir, 'state-home');
    const own = defaultStateDir(path.join(cli.dir, 'repo'), {
      platform: 'linux',
      env: { XDG_STATE_HOME: stateHome },
      home: cli.dir,
    });
    const contents = (): Promise<string[]> => readdir(path.join(cli.dir, 'repo', '.fusionizer'), { recursive: true });
    const before = (await contents()).sort();
    for (const name of ['repo', 'linked']) {
      const server = await serve(path.join(cli.dir, name));
      const client = new FusionizerClient(cli.server);
      const tasks = await client.tasks();
      assert.ok(!tasks.some((task) => task.name === 'evil'));
      // One state for both ways in, and it is the user's own.
      if (name === 'linked')
        assert.deepEqual(
          tasks.map((task) => task.name),
          ['good'],
        );
      else assert.equal((await cli.run(['deploy', path.join(cli.dir, 'repo', 'good')])).code, 0);
      assert.equal((await client.invoke('good')).body.toString(), 'good');
      assert.notEqual((await readFile(path.join(own, 'token'), 'utf8')).trim(), 'a-token-that-a-stranger-knows');
      await stop(server);
    }
    assert.deepEqual(await readdir(path.join(stateHome, 'fusionizer')), [path.basename(own)]);
    assert.deepEqual((await contents()).sort(), before);
    await assertNothingRan();
  });

  it('sends nothing of it with a Task', async () => {
    const server = await serve(path.join(cli.dir, 'repo'));
    const deployed = await cli.run(['deploy', '--verbose', '.', '--name', 'sent'], {
      cwd: path.join(cli.dir, 'repo', 'good'),
    });
    assert.equal(deployed.code, 0, deployed.stderr);
    const client = new FusionizerClient(cli.server);
    const state = defaultStateDir(await realpath(path.join(cli.dir, 'repo')), {
      platform: 'linux',
      env: { XDG_STATE_HOME: path.join(cli.dir, 'state-home') },
      home: cli.dir,
    });
    const { version } = await client.task('sent');
    assert.deepEqual((await readdir(path.join(state, 'tasks', 'sent', String(version)))).sort(), [
      'function.yaml',
      'main.js',
    ]);
    await stop(server);
    await assertNothingRan();
  });

  it('is no server that the command line talks to', async () => {
    const { code, stderr } = await cli.run(['list'], {
      cwd: path.join(cli.dir, 'repo'),
      env: { FUSIONIZER_URL: 'http://127.0.0.1:9' },
    });
    assert.equal(code, 3);
    assert.match(stderr, /127\.0\.0\.1:9/);
  });

  it('a state folder that everybody may write to is refused, with what to do', async () => {
    const shared = path.join(cli.dir, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o777);
    await cli.write(brought('shared'));
    const refused = await cli.run(['serve', '--port', '0', '--state', shared]);
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /Everybody can write to the state folder .*shared: run chmod o-w on it, or choose another one with --state/,
    );
    await assertNothingRan();
  });

  it("another user's state folder is refused", async () => {
    // Only root can give a folder away; anyone else has root's own to look at.
    const isRoot = process.getuid?.() === 0;
    const theirs = isRoot ? path.join(cli.dir, 'theirs') : '/usr';
    if (isRoot) {
      await cli.write(brought('theirs'));
      await once(spawn('chown', ['-R', '12345:12345', theirs]), 'close');
    }
    const refused = await cli.run(['serve', '--port', '0', '--state', theirs]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /belongs to another user: choose one of your own with --state/);
    await assertNothingRan();
  });
});
