import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import { CliHarness } from '../support/cli.ts';
import { until } from '../support/until.ts';

const TALKS = "exports.handler = (context) => { context.logger.debug('whisper'); context.callback('done'); };";
const NEVER = "exports.handler = (context) => { context.logger.info('begun'); setInterval(() => {}, 1000); };";
const FAILS = 'exports.handler = () => { throw new Error("no"); };';
/** The clock and the level of a line. */
const info = (rest: string): RegExp => new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} info {2}${rest}$`, 'm');

describe('the output of serve', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.writeTask('talks', TALKS);
    await cli.writeTask('never', NEVER);
    await cli.writeTask('fails', FAILS);
  });
  after(() => cli.close());

  it('is a line for each request and each change', async () => {
    const server = await cli.serve();
    await cli.run(['deploy', 'talks', 'fails']);
    await cli.run(['invoke', 'talks', '--path', '/a?secret=1']);
    await cli.run(['invoke', 'fails']);
    await cli.run(['fuse', 'talks,fails']);
    await cli.run(['delete', 'fails']);
    await cli.run(['invoke', 'nope']);
    await server.until(info("server POST /nope 404: No Task 'nope' could be found"));
    await server.until(info("talks Successfully deployed Task 'talks' \\(.*\\)"));
    await server.until(info('talks POST /talks/a 200 .* ms'));
    await server.until(/ warn {2}fails POST \/fails 500 /);
    await server.until(info('server Fused: fails \\+ talks \\(.*\\)'));
    await server.until(info("fails Successfully deleted Task 'fails' \\(.*\\)"));
    await server.until(/ debug talks whisper/);
    const before = server.stderr.match(/POST \/talks 200/g)?.length ?? 0;
    const client = new FusionizerClient(cli.server);
    await Promise.all(Array.from({ length: 50 }, () => client.invoke('talks')));
    await until('each of them', () => (server.stderr.match(/POST \/talks 200/g)?.length ?? 0) === before + 50);
    await cli.write({ 'talks/main.js': 'exports.handler = (' });
    await cli.run(['deploy', 'talks']);
    await server.until(/ error talks The deploy failed: .*SyntaxError/);
    await cli.writeTask('talks', TALKS);
  });

  it('says where the state is before what is restored from it, and then that it is ready', async () => {
    const state = `${cli.dir}/restored-state`;
    const first = await cli.serve(['--state', state]);
    await cli.run(['deploy', 'talks', 'fails']);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await cli.serve(['--state', state]);
    assert.match(second.stderr, /^Tasks and state are kept in \S+\n(.* Restored (talks|fails) .*\n){2}$/);
  });

  it('has what is asked for only', async () => {
    const loud = await cli.serve(['--log-level', 'warn']);
    await cli.run(['deploy', 'talks', 'fails']);
    await cli.run(['invoke', 'talks']);
    await cli.run(['invoke', 'fails']);
    await loud.until(/ warn {2}fails POST \/fails 500 /);
    assert.doesNotMatch(loud.stderr, /talks/);
    const quiet = await cli.serve(['--quiet']);
    await cli.run(['deploy', 'talks']);
    await cli.run(['invoke', 'talks']);
    quiet.child.kill('SIGTERM');
    const { code, stdout, stderr } = await quiet.ended;
    assert.deepEqual([code, stderr, /^Fusionizer is ready at \S+\n$/.test(stdout)], [0, '', true]);
    const both = await cli.run(['serve', '--quiet', '--log-level', 'warn']);
    assert.equal(both.code, 2, both.stderr);
  });

  it('is JSON where it is asked for', async () => {
    const server = cli.start(['serve', '--port', '0', '--state', `${cli.dir}/json-state`, '--json']);
    [, cli.server = ''] = await server.until(/"address":"([^"]+)"/);
    await cli.run(['deploy', 'talks']);
    await cli.run(['invoke', 'talks']);
    await server.until(/POST \/talks 200/);
    server.child.kill('SIGTERM');
    const { stderr } = await server.ended;
    const records = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(records.some(({ task, message }) => task === 'talks' && message.startsWith('POST /talks 200')));
  });

  it('says at each Ctrl+C what is true, and followers of logs end with a code', async () => {
    const idle = await cli.serve();
    const follower = cli.start(['logs', '-f']);
    const client = new FusionizerClient(cli.server);
    await until('the follower', async () => {
      await cli.run(['deploy', 'fails', '--force']);
      await client.invoke('fails');
      return follower.stdout !== '';
    });
    idle.child.kill('SIGINT');
    const ended = await idle.ended;
    assert.deepEqual([ended.code, /^Closing: no event runs\.$/m.test(ended.stderr)], [0, true], ended.stderr);
    const { code, stderr } = await follower.ended;
    assert.equal(code, 3);
    assert.match(stderr, /^error: The server at http\S+ has ended: no further records come$/m);

    const killed = await cli.serve();
    await cli.run(['deploy', 'talks']);
    await cli.run(['invoke', 'talks']);
    const last = cli.start(['logs', '-f', '-n', '5']);
    await last.until(/whisper/);
    killed.child.kill('SIGKILL');
    const { stderr: words } = await last.ended;
    assert.match(words, /^error: The server at \S+ has ended: no further records come\n/);
    assert.doesNotMatch(words, /ECONNRESET/);

    const busy = await cli.serve();
    await cli.run(['deploy', 'never']);
    const invocation = cli.start(['invoke', 'never']);
    await busy.until(/never begun/);
    busy.child.kill('SIGINT');
    await busy.until(
      /^Closing: one event still runs\. It has at most 10 s to end; press Ctrl\+C again to cut it off\.$/m,
    );
    busy.child.kill('SIGINT');
    await busy.until(
      /^Cut off one event: its handler is stopped where it is, and its client gets an error\. Press Ctrl/m,
    );
    assert.equal((await busy.ended).code, 130);
    assert.match(busy.stderr, /One event is cut off, and answered with an error: a second Ctrl\+C or signal /);
    assert.equal((await invocation.ended).stdout, 'The event was cut off before it ended: the server is closing\n');
  });
});
