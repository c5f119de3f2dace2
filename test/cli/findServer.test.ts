import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ServedFolders } from '../../src/extension/server/servedFolders.ts';
import { serverOfFolder } from '../../src/state/localServer.ts';
import { readServedBy } from '../../src/state/servedBy.ts';
import { defaultStateDir } from '../../src/state/stateDir.ts';
import { CliHarness } from '../support/cli.ts';

/** As if nobody named a server. */
const env = { FUSIONIZER_URL: '' };

describe('the server of the working directory', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await mkdir(path.join(cli.dir, 'project', 'below'), { recursive: true });
  });
  after(() => cli.close());

  it('is found from there and from below, with its token, wherever it listens', async () => {
    const cwd = path.join(cli.dir, 'project');
    const server = cli.start(['serve', '--port', '0', '--auth', 'always'], { cwd });
    await server.until(/^Fusionizer is ready at /m);
    await cli.writeTask('project/below/task', "exports.handler = (context) => context.callback('found');\n");
    const deployed = await cli.run(['deploy', 'task', '--name', 'task'], { cwd: path.join(cwd, 'below'), env });
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.equal((await cli.run(['invoke', 'task'], { cwd, env })).stdout, 'found');
    const elsewhere = await cli.run(['list', '--server', 'http://127.0.0.1:9'], { cwd, env });
    assert.match(elsewhere.stderr, /127\.0\.0\.1:9/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
  });
});

describe('a folder that an editor has open together with another one', { concurrency: false }, () => {
  let cli: CliHarness;
  let home: string | undefined;
  before(async () => {
    cli = await CliHarness.create();
    home = process.env['XDG_STATE_HOME'];
    process.env['XDG_STATE_HOME'] = path.join(cli.dir, 'state-home');
    for (const name of ['first', 'second', 'third'])
      await mkdir(path.join(cli.dir, name, 'below'), { recursive: true });
  });
  after(async () => {
    if (home === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = home;
    await cli.close();
  });

  const folder = (name: string): string => path.join(cli.dir, name);
  /** What the command line says of its server there, with the names of the Tasks. */
  const list = (name: string) => cli.run(['list'], { cwd: folder(name), env });

  it('finds the server of that one, with its token, as long as the editor says so and the server runs', async () => {
    const tokenFile = path.join(cli.dir, 'token');
    const server = cli.start(['serve', '--port', '0', '--auth', 'always', '--token-file', tokenFile], {
      cwd: folder('first'),
    });
    await server.until(/^Fusionizer is ready at /m);
    await cli.writeTask('task', "exports.handler = (context) => context.callback('found');\n");
    const state = defaultStateDir(folder('first'));
    const faults: unknown[] = [];
    const served = new ServedFolders((error) => faults.push(error));
    const word = { state, pid: server.child.pid ?? 0, tokenFile };

    assert.equal(await serverOfFolder(folder('second')), undefined, 'before the editor says so');
    await served.announce(word, [folder('first'), folder('second'), folder('third')]);
    assert.equal((await stat(defaultStateDir(folder('second')))).mode & 0o777, 0o700);
    assert.equal(await readServedBy(state), undefined, 'the folder of the server itself needs no word');
    const deployed = await cli.run(['deploy', '../../task'], { cwd: folder('second/below'), env });
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.match((await list('third')).stdout, /task/);

    await served.announce(word, [folder('first'), folder('second')]);
    assert.equal(await serverOfFolder(folder('third')), undefined, 'the editor closed this folder');
    assert.match((await list('second')).stdout, /task/);

    const own = cli.start(['serve', '--port', '0'], { cwd: folder('second') });
    await own.until(/^Fusionizer is ready at /m);
    assert.doesNotMatch((await list('second')).stdout, /task/, 'its own server comes first');
    own.child.kill('SIGTERM');
    await own.ended;
    assert.match((await list('second')).stdout, /task/);

    await served.announce({ ...word, pid: process.pid }, [folder('second')]);
    assert.equal(
      await serverOfFolder(folder('second')),
      undefined,
      'another process than the one that holds the state',
    );
    await served.announce(word, [folder('second')]);
    server.child.kill('SIGKILL');
    await server.ended;
    assert.equal(await serverOfFolder(folder('second')), undefined, 'the server crashed');
    assert.deepEqual(faults, []);
  });

  it('is told of what another editor said by that one only', async () => {
    const faults: unknown[] = [];
    const served = new ServedFolders((error) => faults.push(error));
    const word = { state: '/nowhere', pid: 1 };
    await served.announce(word, [folder('second')]);
    await new ServedFolders((error) => faults.push(error)).announce({ state: '/elsewhere', pid: 2 }, [
      folder('second'),
    ]);
    await served.announce(undefined, []);
    assert.deepEqual(await readServedBy(defaultStateDir(folder('second'))), { state: '/elsewhere', pid: 2 });
    await served.announce(word, [folder('gone')]);
    assert.match(String(faults), /ENOENT.*gone/);
  });

  it('takes no notice of a word that cannot be understood', async () => {
    const dir = defaultStateDir(folder('third'));
    for (const text of ['', '{}', '{"state":"relative","pid":1}', 'null']) {
      await writeFile(path.join(dir, 'served-by.json'), text);
      assert.equal(await readServedBy(dir), undefined, text);
      assert.equal(await serverOfFolder(folder('third')), undefined, text);
    }
  });
});
