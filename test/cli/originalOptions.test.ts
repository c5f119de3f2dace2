import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';
import { request } from '../support/server.ts';

const CALLS = `exports.handler = async (context, event, session) => {
  const host = event.headers['Fusionizer-Server-Address'];
  const answer = await session.post('http://' + host + ':8000/callee', { json: {} });
  context.callback(host + ' ' + (await answer.text()));
};`;

/** An address of this machine that others could reach. */
const external = Object.values(os.networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

describe('the options of the original Fusionizer', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.writeTask('caller', CALLS);
    await cli.writeTask('callee', "exports.handler = (context) => context.callback('called');");
  });
  after(() => cli.close());

  it('-a says where the server is reached, and does not narrow where it listens', {
    skip: external === undefined && 'this machine has a loopback address only',
  }, async () => {
    const state = path.join(cli.dir, 'state-a');
    const server = await cli.serve(['-a', String(external), '--state', state]);
    const port = new URL(cli.server).port;
    assert.equal(cli.server, `http://${external}:${port}`);
    cli.server = `http://127.0.0.1:${port}`;
    const { code, stderr } = await cli.run(['deploy', 'caller', 'callee']);
    assert.equal(code, 0, stderr);
    const invoke = async (host: string, headers = {}): Promise<[number, string]> => {
      const { status, text } = await request(new URL(`http://${host}:${port}`), '/caller', { method: 'POST', headers });
      return [status, text];
    };
    assert.deepEqual(await invoke('127.0.0.1'), [200, `${external} called`], 'apart, as the original scripts send it');
    assert.equal((await invoke(String(external)))[0], 401, 'other addresses than loopback need the token');
    const [, file = ''] = /token in (\S+)\. /.exec(server.stderr) ?? [];
    const token = await readFile(file, 'utf8');
    const headers = { Authorization: `Bearer ${token.trim()}` };
    assert.deepEqual(await invoke(String(external), headers), [200, `${external} called`]);
    assert.equal((await cli.run(['fuse', 'caller,callee'])).code, 0);
    assert.deepEqual(await invoke('127.0.0.1'), [200, `${external} called`], 'fused');
    server.child.kill('SIGTERM');
    await server.ended;
    const always = await cli.serve(['-a', String(external), '--auth', 'always']);
    cli.server = `http://127.0.0.1:${new URL(cli.server).port}`;
    assert.equal((await request(new URL(cli.server), '/-/tasks')).status, 401);
    always.child.kill('SIGTERM');
    await always.ended;
  });

  it('-p auto is taken, and -r, -n and -k with a warning', async () => {
    const server = await cli.serve(['-a', '127.0.0.1', '-p', 'auto', '-r', 'reg', '-n', 'nuclio', '-k', 'conf']);
    for (const name of ['registry', 'namespace', 'kubeconfig'])
      assert.match(server.stderr, new RegExp(`^warning --${name} has no meaning on the embedded platform$`, 'm'));
    assert.doesNotMatch(server.stderr, /FUSIONIZER_TOKEN/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
    const refused = await cli.run(['serve', '-p', 'kube']);
    assert.equal(refused.code, 2, refused.stderr);
  });

  it('are refused at the start where they cannot be right, as is an interpreter that is not there', async () => {
    for (const python of ['/nowhere/python3', '/bin/ls']) {
      const { code, stderr } = await cli.run(['serve', '--port', '0', '--python', python]);
      assert.deepEqual(
        [code, stderr.startsWith(`error: --python ${python} is not Python 3.9 or newer`)],
        [2, true],
        stderr,
      );
    }
  });

  it('a server address has host and port only', async () => {
    for (const server of [
      'http://127.0.0.1:9/path',
      'http://127.0.0.1:9/?x',
      'http://a:b@127.0.0.1:9',
      'http://h/#x',
    ]) {
      const { code, stderr } = await cli.run(['list', '--server', server]);
      assert.deepEqual([code, /has more than host and port\. Write --server http:/.test(stderr)], [2, true], stderr);
    }
    assert.equal((await cli.run(['list', '--server', 'http://127.0.0.1:9/'])).code, 3);
  });
});
