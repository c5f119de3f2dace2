import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { CliHarness } from '../support/cli.ts';
import { until } from '../support/until.ts';

const LOGS =
  "exports.handler = (context) => { context.logger.warnWith('look here', { n: 1 }); context.callback('done'); };";
const example = new URL('../../docs/examples/pair-by-traffic.mjs', import.meta.url).pathname;

describe('serve', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
  });
  after(() => cli.close());

  it('prints its address alone on stdout, logs on stderr, and ends with 0 on a signal', async () => {
    await cli.writeTask('logs', LOGS);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const server = await cli.serve();
      await cli.run(['deploy', 'logs']);
      await cli.run(['invoke', 'logs']);
      await server.until(/^\d\d:\d\d:\d\d\.\d{3} warn {2}logs look here n=1$/m);
      server.child.kill(signal);
      const { code, stdout } = await server.ended;
      assert.equal(code, 0);
      assert.match(stdout, /^Fusionizer is ready at http:\/\/127\.0\.0\.1:\d+\n$/);
    }
  });

  it('closes in good order, and at once, when the signal comes while it still starts', async () => {
    const state = path.join(cli.dir, 'slow-state');
    const loading = path.join(cli.dir, 'loading');
    const go = path.join(cli.dir, 'go');
    const wait =
      `while (!fs.existsSync(${JSON.stringify(go)})) Atomics.wait(new Int32Array(new ` +
      'SharedArrayBuffer(4)), 0, 0, 10);';
    await cli.writeTask(
      'slow-start',
      `const fs = require('node:fs');\nfs.writeFileSync(${JSON.stringify(loading)}, '');\n${wait}\n${LOGS}`,
    );
    await cli.write({ go: '' });
    const first = await cli.serve(['--state', state]);
    assert.equal((await cli.run(['deploy', 'slow-start'])).code, 0);
    first.child.kill('SIGTERM');
    await first.ended;
    await rm(loading);
    await rm(go);
    const second = cli.start(['serve', '--port', '0', '--state', state]);
    await until('the Task to be loaded', () => existsSync(loading));
    second.child.kill('SIGTERM');
    const { code, stdout, stderr } = await second.ended;
    assert.deepEqual([code, stdout], [0, ''], stderr);
    assert.match(stderr, /^Closing/m);
    await cli.write({ go: '' });
    const third = await cli.serve(['--state', state]);
    assert.equal((await cli.run(['invoke', 'slow-start'])).stdout, 'done');
    third.child.kill('SIGTERM');
    assert.equal((await third.ended).code, 0);
  });

  it("keeps its state by the working directory in the user's state folder, and serves it again", async () => {
    await cli.writeTask('kept', LOGS);
    const serve = async (): Promise<void> => {
      const server = cli.start(['serve', '-a', '127.0.0.1', '--port', '0']);
      [, cli.server = ''] = await server.until(/ready at (\S+)/);
    };
    await serve();
    await cli.run(['deploy', 'kept']);
    await cli.run(['invoke', 'kept']);
    await endAll();
    await serve();
    assert.equal((await cli.run(['invoke', 'kept'])).stdout, 'done');
    const [folder = '', ...others] = await readdir(path.join(cli.dir, 'state-home', 'fusionizer'));
    assert.match(folder, /^[0-9a-f]{16}$/);
    assert.deepEqual(others, []);
    const { mode } = await stat(path.join(cli.dir, 'state-home', 'fusionizer', folder));
    assert.equal(mode & 0o777, 0o700);

    async function endAll(): Promise<void> {
      const { pid } = await new FusionizerClient(cli.server).health();
      process.kill(pid, 'SIGTERM');
      await until('the end of the server', async () => (await cli.run(['list'])).code === 3);
    }
  });

  it('says what is wrong when it cannot start', async () => {
    await cli.serve();
    const taken = await cli.run(['serve', '--port', new URL(cli.server).port, '--state', path.join(cli.dir, 'other')]);
    assert.equal(taken.code, 1);
    assert.match(
      taken.stderr,
      /^error: Port \d+ of 127\.0\.0\.1 is in use by the Fusionizer server of \S+fusionizer-cli-\w+\. Choose another/,
    );
    for (const [host, fault] of [
      ['', /^error: The address to listen on is empty: use --host 127\.0\.0\.1 for this machine only/],
      ['203.0.113.77', /^error: 203\.0\.113\.77 is not an address of this machine \(EADDRNOTAVAIL\): use --host/],
    ] as const) {
      const { code, stderr } = await cli.run([
        'serve',
        '--port',
        '0',
        '--state',
        path.join(cli.dir, 'other'),
        '--host',
        host,
      ]);
      assert.deepEqual([code, fault.test(stderr)], [2, true], stderr);
    }
    const missing = await cli.run([
      'serve',
      '--port',
      '0',
      '--state',
      path.join(cli.dir, 'other'),
      '--schedule',
      'missing.json',
    ]);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /^error: There is no schedule .*missing\.json: create it/);
  });

  it('says what is wrong with a token file, and warns of one that others may read', {
    skip: process.platform === 'win32',
  }, async () => {
    const files = {
      empty: '',
      blank: ' \n',
      short: 'too-short',
      two: 'a-line-of-a-token\nand-another\n',
      'text.txt': 'a tok\u00ebn of a kind',
      'open it': 'a-token-of-some-length',
    };
    await cli.write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`tokens/${name}`, content])));
    const cwd = path.join(cli.dir, 'tokens');
    const start = (file: string): string[] => [
      'serve',
      '--port',
      '0',
      '--auth',
      'always',
      '--state',
      path.join(cli.dir, 'token-state'),
      '--token-file',
      file,
    ];
    for (const [file, fault] of [
      [
        'empty',
        /^error: The token file .*\/tokens\/empty holds no token: it needs 16 characters or more\. Remove it: the server creates a new one\n/,
      ],
      ['blank', /holds no token/],
      ['short', /holds a token of 9 characters: it needs 16 /],
      ['two', /tokens\/two has a line break in it/],
      ['text.txt', /tokens\/text\.txt has a space in it/],
      ['.', /^error: The server cannot use .*\/tokens: EISDIR.*choose another file with --token-file\n/],
      [
        'nowhere/token',
        /^error: The server cannot use .*\/nowhere\/token: ENOENT.*choose another file with --token-file\n/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await cli.run(start(file), { cwd });
      assert.deepEqual([code, stdout, fault.test(stderr)], [2, '', true], stderr);
    }
    const open = cli.start(start('open it'), { cwd });
    await open.until(
      /^\d\d:.* warn {2}server Other users of this machine can read the token file .*\/open it,.* chmod 600$/m,
    );
    await open.until(/FUSIONIZER_TOKEN="\$\(cat '\/.*\/tokens\/open it'\)"/);
    open.child.kill('SIGTERM');
    await open.ended;
    const made = cli.start(start('made'), { cwd });
    await made.until(/ready at/);
    assert.equal((await stat(path.join(cwd, 'made'))).mode & 0o777, 0o600);
    assert.doesNotMatch(made.stderr, /Other users/);
    made.child.kill('SIGTERM');
    await made.ended;
  });

  it('follows a schedule', async () => {
    await cli.writeTask('one', LOGS);
    await cli.writeTask('two', LOGS);
    await cli.write({ 'schedule.json': '{"0": [["one", "two"]]}' });
    await cli.serve(['-c', 'schedule.json']);
    await cli.run(['deploy', 'one', 'two']);
    const { stdout: setup } = await cli.run(['setup']);
    assert.match(setup, /^Actual +one \+ two$/m);
    assert.match(setup, /^Revision +\d+, set by the schedule$/m);
    assert.match((await cli.run(['schedule', 'show'])).stdout, /^> +0 {2}one \+ two$/m);
  });

  describe('--optimizer', () => {
    it("runs a user's own: the documented one fuses the pair that calls each other most", async () => {
      await cli.writeTask('callee', "exports.handler = (context) => context.callback('called');");
      await cli.writeTask(
        'caller',
        `exports.handler = async (context, event, session) => {
  const answer = await session.post('http://' + event.headers['Fusionizer-Server-Address'] + ':8000/callee');
  context.callback(await answer.text());
};`,
      );
      await cli.serve(['--optimizer', example]);
      await cli.run(['deploy', 'caller', 'callee']);
      const client = new FusionizerClient(cli.server);
      const actual = await until('one function for both Tasks', async () => {
        for (let call = 0; call < 25; call += 1)
          assert.equal((await client.invoke('caller')).body.toString(), 'called');
        const { actual: setup } = await client.setup();
        return setup.length === 1 ? setup : undefined;
      });
      assert.deepEqual(
        actual.map((group) => [...group].sort()),
        [['callee', 'caller']],
      );
    });

    it('takes a CommonJS module and a function that makes an optimizer', async () => {
      await cli.write({
        'mine.cjs': "module.exports = () => ({ name: 'mine', async *setups() { yield [['one', 'two']]; } });",
      });
      await cli.serve(['--optimizer', 'mine.cjs']);
      await until('the Task in the list of waiting ones', async () =>
        /^Waiting +one/m.test((await cli.run(['setup'])).stdout),
      );
    });

    it('says what a module lacks', async () => {
      await cli.write({
        'empty.mjs': 'export default {};',
        'broken.mjs': '\nexport default {',
        'lacking.mjs': "import 'nowhere-to-be-found';",
        'folder/other.mjs': '',
      });
      for (const [module, message] of [
        ['empty.mjs', /must export by default an object with a name and an async generator/],
        ['broken.mjs', /^error: The optimizer broken\.mjs:2 cannot be loaded: Unexpected /],
        [
          'lacking.mjs',
          /^error: The optimizer lacking\.mjs cannot be loaded: Cannot find package 'nowhere-to-be-found'$/m,
        ],
        ['absent.mjs', /^error: The optimizer absent\.mjs does not exist \(\/\S+\/absent\.mjs\)$/m],
        ['folder', /^error: The optimizer folder is a folder: name the module in it$/m],
        ['', /^error: --optimizer is empty\./],
      ] as const) {
        const { code, stderr } = await cli.run(['serve', '--port', '0', '--optimizer', module]);
        assert.equal(code, 2);
        assert.match(stderr, message);
      }
    });
  });
});
