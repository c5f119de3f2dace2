import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness, type CliResult } from '../support/cli.ts';
import { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const ECHO = `exports.handler = (context, event) => {
  context.logger.info('got ' + event.method);
  const body = { text: event.body.toString(), type: event.content_type, path: event.path, method: event.method, header: event.headers['X-Mine'] };
  context.callback(body);
};`;

const STATUS = `exports.handler = (context, event) => {
  context.callback(new context.Response('no', { 'X-Why': 'because' }, 'text/plain', Number(event.fields.status)));
};`;

/** A Task that is not there, and what to do next. */
const NOPE = /^error: No Task 'nope' could be found\n {2}`\S.* list` shows the Tasks of this server\.\n$/;

describe('commands that work on deployed Tasks', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.serve();
    await cli.writeTask('echo', ECHO);
    await cli.writeTask('status', STATUS);
    const { code, stderr } = await cli.run(['deploy', 'echo', 'status']);
    assert.equal(code, 0, stderr);
  });
  after(() => cli.close());

  const json = <T>({ stdout }: CliResult): T => JSON.parse(stdout);

  it('lists Tasks as a table and as JSON', async () => {
    const table = await cli.run(['list']);
    assert.equal(table.code, 0);
    assert.match(table.stdout, /^TASK +GROUP +RUNTIME +STATE +VERSION +CALLS +P50 +P95\necho +- +nodejs +ready +1 /);
    const tasks = json<{ name: string }[]>(await cli.run(['list', '--json']));
    assert.deepEqual(
      tasks.map(({ name }) => name),
      ['echo', 'status'],
    );
  });

  it('takes global options before and after the command', async () => {
    assert.deepEqual(json(await cli.run(['--json', 'get', 'echo'])), json(await cli.run(['get', 'echo', '--json'])));
  });

  it('shows a Task with the folder that it came from', async () => {
    const { stdout } = await cli.run(['get', 'echo']);
    assert.match(stdout, /^Task +echo$/m);
    assert.ok(stdout.includes(path.join(cli.dir, 'echo')));
  });

  it('shows a crash loop with what the worker said last', async () => {
    await cli.writeTask('fall', "exports.handler = () => { console.error('no ground'); process.exit(9); };");
    assert.equal((await cli.run(['deploy', 'fall'])).code, 0);
    await until('the crash loop in the list', async () => {
      assert.equal((await cli.run(['invoke', 'fall'])).code, 4);
      return /^fall .* crash-loop /m.test((await cli.run(['list'])).stdout);
    });
    const { stdout } = await cli.run(['get', 'fall']);
    assert.match(stdout, /^State +crash-loop$/m);
    assert.match(stdout, /^Last error +Its workers keep ending: .*exit status 9/m);
    assert.match(stdout, /^Last crash +\d{4}-.* restarts? since the deploy\nLast output +no ground$/m);
    await cli.run(['delete', 'fall']);
  });

  it('shows a Task whose only worker is stuck', async (test) => {
    const server = await TestServer.start(test, { times: { busyAfter: 200, busyInterval: 50 } });
    const env = { FUSIONIZER_URL: server.url.href };
    await cli.writeTask('stuck', 'exports.handler = () => { for (;;); };');
    assert.equal((await cli.run(['deploy', 'stuck'], { env })).code, 0);
    const invocation = cli.start(['invoke', 'stuck'], { env });
    await until('the busy Task', async () => (await server.task('stuck')).busySince !== null);
    assert.match((await cli.run(['list'], { env })).stdout, /^stuck .* busy /m);
    assert.match(
      (await cli.run(['get', 'stuck'], { env })).stdout,
      /^State +busy since \d{4}-.*: every worker runs one event since then$/m,
    );
    assert.equal((await cli.run(['delete', 'stuck'], { env })).code, 0);
    invocation.child.kill('SIGKILL');
    await invocation.ended;
  });

  it('says which Task is not there, and ends with 1', async () => {
    for (const args of [
      ['get', 'nope'],
      ['invoke', 'nope', '-d', '1'],
      ['logs', 'nope'],
      ['delete', 'nope'],
    ]) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.deepEqual([code, stdout], [1, ''], args.join(' '));
      assert.match(stderr, NOPE);
    }
    const { stderr } = await cli.run(['get', 'nope', '--json']);
    const { hint, ...error } = JSON.parse(stderr).error;
    assert.deepEqual(error, { code: 'not-found', detail: "No Task 'nope' could be found", status: 404 });
    assert.match(hint, / list` shows the Tasks of this server\.$/);
  });

  describe('invoke', () => {
    const echoed = async (
      args: string[],
      input = '',
    ): Promise<{ text: string; type: string; path: string; method: string; header?: string }> =>
      json(await cli.run(['invoke', 'echo', ...args], { input }));

    it('sends JSON as JSON, text as text, and bytes as they are', async () => {
      const { text, type } = await echoed(['-d', '{"a": 1}']);
      assert.deepEqual({ text, type }, { text: '{"a": 1}', type: 'application/json' });
      assert.equal((await echoed(['-d', 'plain'])).type, 'text/plain; charset=utf-8');
      assert.equal((await echoed(['-d', '1', '-H', 'content-type: text/csv'])).type, 'text/csv');
      await cli.write({ 'body.json': '[1]' });
      assert.equal((await echoed(['-f', 'body.json'])).text, '[1]');
      assert.equal((await echoed([], 'piped')).text, 'piped');
      assert.equal((await echoed(['-f', '-'], 'piped')).text, 'piped');
    });

    it('sends method, path and headers', async () => {
      const answer = await echoed(['-X', 'patch', '--path', '/x/y?z=1', '-H', 'X-Mine: yes']);
      assert.deepEqual(
        { method: answer.method, path: answer.path, header: answer.header },
        { method: 'PATCH', path: '/x/y', header: 'yes' },
      );
      assert.equal((await echoed(['-H', 'X-Mine: one', '-H', 'x-mine: two'])).header, 'one, two');
    });

    it('sends header text as UTF-8, escapes paths, and shows header text of the answer', async () => {
      const { header, path: seen } = await echoed(['--path', '/a b/ж%20#?x=ö', '-H', 'X-Mine: grüß 😀']);
      assert.deepEqual([header, seen], ['grüß 😀', '/a b/ж #']);
      await cli.writeTask('umlaut', "exports.handler = (c) => c.callback(new c.Response('', { 'X-Out': 'grüß 😀' }));");
      assert.equal((await cli.run(['deploy', 'umlaut'])).code, 0);
      assert.match((await cli.run(['invoke', 'umlaut', '-i'])).stdout, /^x-out: grüß 😀$/m);
      await cli.run(['delete', 'umlaut']);
      for (const name of ['ж: x', 'X\u0001: x', 'X Y: x']) {
        const { code, stderr } = await cli.run(['invoke', 'echo', '-H', name]);
        assert.deepEqual([code, / is not a header\. Write 'Name: value'/.test(stderr)], [2, true], stderr);
      }
    });

    it('names the code of an error before the handler', async () => {
      const { code, stderr } = await cli.run(['invoke', 'nope', '--json']);
      assert.equal(code, 1);
      const { hint: _, ...error } = JSON.parse(stderr).error;
      assert.deepEqual(error, { code: 'not-found', detail: "No Task 'nope' could be found", status: 404 });
    });

    it("prints the handler's body alone on stdout, and ends with 4 where the status is 400 or more", async () => {
      const fails = await cli.run(['invoke', 'status', '--path', '/?status=418']);
      assert.equal(fails.code, 4);
      assert.equal(fails.stdout, 'no');
      assert.match(fails.stderr, /^418 I'm a Teapot in .* ms, trace [0-9a-f]{32}\n$/);
      assert.equal((await cli.run(['invoke', 'status', '--path', '?status=204'])).code, 0);
    });

    it('shows status and headers when asked', async () => {
      const { stdout } = await cli.run(['invoke', 'status', '-i', '--path', '/?status=201']);
      assert.match(stdout, /^HTTP\/1\.1 201 Created\n(.*\n)*x-why: because\n(.*\n)*\nno$/);
      const answer = json<{ status: number; body: string }>(
        await cli.run(['invoke', 'status', '--json', '--path', '/?status=201']),
      );
      assert.deepEqual({ status: answer.status, body: answer.body }, { status: 201, body: 'no' });
    });
  });

  it('shows logs, of one level and above, and follows them', async () => {
    await cli.run(['invoke', 'echo', '-X', 'GET']);
    const records = (await cli.run(['logs', 'echo', '--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(records.at(-1).message, 'got GET');
    assert.match((await cli.run(['logs', 'echo', '-n', '1'])).stdout, /^\d\d:\d\d:\d\d\.\d{3} info {2}echo got GET\n$/);
    const none = await cli.run(['logs', 'echo', '--level', 'error']);
    assert.deepEqual([none.stdout, none.stderr], ['', 'No log record fits these options\n']);
    const following = cli.start(['logs', 'echo', '--follow', '-n', '1']);
    await following.until(/got GET/);
    const invoked = await cli.run(['invoke', 'echo', '-X', 'OPTIONS', '--json']);
    assert.match(invoked.stdout, /"duration": \d+(\.\d{1,2})?\n/);
    const { trace } = json<{ trace: string }>(invoked);
    await following.until(/got OPTIONS/);
    assert.equal(following.stdout.trimEnd().split('\n').length, 2);
    const messages = async (...args: string[]): Promise<string> => (await cli.run(['logs', ...args])).stdout;
    assert.match(await messages('--trace', trace), /^\S+ info {2}echo got OPTIONS\n$/);
    assert.match(await messages('--since', '1h', '--trace', trace), /got OPTIONS/);
    assert.match((await cli.run(['logs', '--since', 'soon'])).stderr, /'soon' is not a time\. Write how long ago/);
    following.child.kill('SIGINT');
    await following.ended;
  });

  it('fuses, splits and shows the setup', async () => {
    const fused = await cli.run(['fuse', 'echo,status']);
    assert.equal(fused.code, 0, fused.stderr);
    assert.match(fused.stderr, /^ {2}build +making the function\n {2}start .*\n {2}ready .*\nFused: echo \+ status /);
    assert.match((await cli.run(['setup'])).stdout, /^Actual +echo \+ status$/m);
    const setup = json<{ actual: string[][] }>(await cli.run(['split', 'echo', '--json']));
    assert.deepEqual(setup.actual, [['echo'], ['status']]);
    const waiting = await cli.run(['fuse', '--allow-missing', 'echo,later']);
    assert.match(waiting.stderr, /^warning 'later' is not deployed yet\. It will join echo when it is$/m);
    const undone = await cli.run(['split', 'later']);
    assert.equal(undone.code, 0);
    assert.doesNotMatch(undone.stderr, /warning/);
    assert.doesNotMatch((await cli.run(['setup'])).stdout, /later/);
  });

  it('refuses groups of one Task, which would un-fuse, and says how groups are written', async () => {
    await cli.run(['fuse', 'echo,status']);
    for (const [args, detail] of [
      [
        ['echo', 'status'],
        /^echo and status are groups of one Task each\..* fuse echo,status`\n.* split echo status`$/,
      ],
      [['echo'], /^echo is a group of one Task\..* fuse echo,OTHER`\n.* split echo`$/],
      [['status,echo', 'later'], /^later is a group of one Task\./],
      [['echo,', 'status'], /A name is missing beside a comma\. .* fuse echo,status`$/],
    ] as const) {
      const { code, stderr } = await cli.run(['fuse', ...args, '--json']);
      assert.equal(code, 2, stderr);
      assert.match(JSON.parse(stderr).error.detail, detail);
    }
    assert.deepEqual(json<{ actual: string[][] }>(await cli.run(['setup', '--json'])).actual, [['echo', 'status']]);
    await cli.run(['split', 'echo']);
  });

  it('splits nothing when one of the Tasks is neither deployed nor waiting in a group', async () => {
    await cli.run(['fuse', 'echo,status']);
    for (const args of [
      ['split', 'nope'],
      ['split', 'echo', 'nope'],
    ]) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.deepEqual([code, stdout], [1, ''], args.join(' '));
      assert.match(stderr, NOPE);
    }
    const setup = json<{ actual: string[][]; waiting: string[] }>(await cli.run(['setup', '--json']));
    assert.deepEqual(setup.actual, [['echo', 'status']]);
    assert.ok(!setup.waiting.includes('nope'));
    await cli.run(['split', 'echo']);
  });

  it('says who decides on the setup', async () => {
    assert.match(
      (await cli.run(['setup'])).stdout,
      /^Changed by +you \(with fuse and split\) only: there is no schedule$/m,
    );
    assert.equal((await cli.run(['schedule', 'show'])).stdout, 'No schedule is followed.\n');
  });

  it('shows traces in the order of time, one as a tree, and says what is not there', async () => {
    const { trace } = json<{ trace: string }>(await cli.run(['invoke', 'echo', '--json', '-d', '1']));
    const tree = await cli.run(['traces', '-t', trace]);
    assert.match(tree.stdout, new RegExp(`^TIME +CALL.*\\n${trace}\\n.* POST /echo +invoked +200 `));
    for (const [args, detail] of [
      [['nope'], "No Task 'nope' could be found"],
      [['-t', 'ffff'], "No trace is recorded whose id begins with 'ffff'"],
    ] as const) {
      const { code, stderr } = await cli.run(['traces', ...args]);
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(`error: ${detail}`), stderr);
    }
  });

  it('shows traces', async () => {
    await cli.run(['invoke', 'echo', '-d', '1']);
    assert.match((await cli.run(['traces', 'echo', '-n', '1'])).stdout, /^TIME +CALL.*\n.* echo +invoked +200 /);
  });

  it('ends quietly when nobody reads its output', async () => {
    const reading = cli.start(['logs', 'echo', '--follow']);
    reading.child.stdout?.destroy();
    await cli.run(['invoke', 'echo', '-d', '1']);
    const { code, stderr } = await reading.ended;
    assert.equal(code, 0);
    assert.equal(stderr, '');
  });

  it('deletes Tasks, and tells of those that are not there', async () => {
    await cli.writeTask('short-lived', ECHO);
    await cli.run(['deploy', 'short-lived']);
    const { code, stderr } = await cli.run(['delete', 'short-lived', 'nope']);
    assert.equal(code, 1);
    assert.match(stderr, /^Deleted Task 'short-lived'\n/);
    assert.match(stderr.slice(stderr.indexOf('error:')), NOPE);
  });
});
