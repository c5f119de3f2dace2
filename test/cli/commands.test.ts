import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { invokedAs } from '../../src/cli/invokedAs.ts';
import { CliHarness, type CliResult } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
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
      assert.deepEqual(
        await cli.run(args),
        { code: 1, stdout: '', stderr: "error: No Task 'nope' could be found\n" },
        args.join(' '),
      );
    }
    const { stderr } = await cli.run(['get', 'nope', '--json']);
    assert.deepEqual(JSON.parse(stderr), {
      error: { code: 'not-found', detail: "No Task 'nope' could be found", status: 404 },
    });
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
    assert.equal((await cli.run(['logs', 'echo', '--level', 'error'])).stdout, '');
    const following = cli.start(['logs', 'echo', '--follow']);
    await following.until(/got GET/);
    await cli.run(['invoke', 'echo', '-X', 'OPTIONS']);
    await following.until(/got OPTIONS/);
    following.child.kill('SIGINT');
    await following.ended;
  });

  it('fuses, splits and shows the setup', async () => {
    const fused = await cli.run(['fuse', 'echo,status']);
    assert.equal(fused.code, 0, fused.stderr);
    assert.match(fused.stderr, /^Reached: echo \+ status /);
    assert.match((await cli.run(['setup'])).stdout, /^Actual +echo \+ status$/m);
    const setup = json<{ actual: string[][] }>(await cli.run(['split', 'echo', '--json']));
    assert.deepEqual(setup.actual, [['echo'], ['status']]);
    const waiting = await cli.run(['fuse', 'echo,later']);
    assert.match(waiting.stderr, /^warning 'later' is not deployed yet\. It will join echo when it is$/m);
    const undone = await cli.run(['split', 'echo', 'later']);
    assert.equal(undone.code, 0);
    assert.doesNotMatch(undone.stderr, /warning/);
  });

  it('splits nothing when one of the Tasks is neither deployed nor waiting in a group', async () => {
    await cli.run(['fuse', 'echo,status']);
    for (const args of [
      ['split', 'nope'],
      ['split', 'echo', 'nope'],
      ['fuse', 'nope'],
    ]) {
      assert.deepEqual(
        await cli.run(args),
        { code: 1, stdout: '', stderr: "error: No Task 'nope' could be found\n" },
        args.join(' '),
      );
    }
    const setup = json<{ actual: string[][]; waiting: string[] }>(await cli.run(['setup', '--json']));
    assert.deepEqual(setup.actual, [['echo', 'status']]);
    assert.ok(!setup.waiting.includes('nope'));
    await cli.run(['split', 'echo']);
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
    assert.equal(stderr, "Deleted Task 'short-lived'\nerror: No Task 'nope' could be found\n");
  });
});

describe('commands without a server', () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
  });
  after(() => cli.close());

  it('say how to start one, and end with 3', async () => {
    await cli.writeTask('echo', ECHO);
    for (const args of [
      ['list'],
      ['invoke', 'x', '-d', '1'],
      ['deploy', 'echo'],
      ['delete', 'x'],
      ['fuse', 'a,b'],
      ['logs', 'x', '-f'],
      ['schedule', 'show'],
    ]) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.equal(code, 3, args.join(' '));
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /error: No Fusionizer server is reachable at http:\/\/127\.0\.0\.1:9\/ \(ECONNREFUSED\)\n {2}Start one with `node \S+cli\.cjs serve`/,
      );
    }
  });

  it('refuse a wrong command line with 2 and a hint', async () => {
    for (const [args, hint] of [
      [['lst'], /unknown command 'lst'\n\(Did you mean/],
      [['list', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
      [['fuse', 'Task_A,b'], /such as 'task-a'/],
      [['serve', '--port', 'x'], /Write a port from 1 to 65535/],
      [['serve', '--platform', 'kube'], /'kube' is not a platform of this server\. Choose embedded\./],
      [['list', '--server', 'nonsense'], /"nonsense" is not a server address/],
      [['invoke', 'x', '-d', '1', '-f', 'y'], /--data and --file/],
      [['logs', 'x', '--level', 'loud'], /Allowed choices are debug, info, warn, error/],
      [[], /Usage: fusionizer/],
    ] as const) {
      const { code, stderr } = await cli.run(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, hint);
    }
  });

  it('tell a wrong command line in one JSON line with --json', async () => {
    for (const [args, detail] of [
      [['--json', 'lst'], /^unknown command 'lst'\n\(Did you mean .*list.*\?\)$/],
      [['list', '--jsn', '--json'], /^unknown option '--jsn'/],
      [['get', '--json'], /^missing required argument '/],
      [['get', 'x', 'y', '--json'], /^too many arguments/],
      [['fuse', 'Task_A,b', '--json'], /such as 'task-a'/],
      [['serve', '--port', 'x', '--json'], /Write a port from 1 to 65535/],
      [['invoke', 'x', '-d', '1', '-f', 'y', '--json'], /--data and --file/],
      [['--json'], /^A command is missing$/],
      [['deploy', 'a', 'b', '--name', 'x', '--json'], /--name is for one Task/],
      [['list', '--json', '--server', 'nonsense'], /"nonsense" is not a server address/],
    ] as const) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.deepEqual([code, stdout, stderr.split('\n').length], [2, '', 2], `${args.join(' ')}: ${stderr}`);
      const { error } = JSON.parse(stderr);
      assert.equal(error.code, 'usage');
      assert.match(error.detail, detail);
    }
    const help = await cli.run(['list', '--help', '--json']);
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /^Usage: /);
  });

  it('are shown as they can be pasted, wherever the program comes from', async (t) => {
    const dir = await realpath(
      await temporaryFolder(t, {
        'clone/package.json': '{}',
        'project/package.json': '{}',
        'npm/_npx/1/package.json': '{"_npx": {"packages": ["fusionizer-for-nuclio@0.1"]}}',
        'npm/_npx/2/package.json': '{"_npx": {"packages": ["/my files/fusionizer-for-nuclio-0.1.0.tgz"]}}',
        'npm/_npx/3/package.json': '{}',
        'npm/_npx/4/package.json': '{"_npx": {"packages": ["./fusionizer-for-nuclio-0.1.0.tgz"]}}',
      }),
    );
    const at = (...parts: string[]): string => path.join(dir, ...parts);
    const installed = (...parts: string[]): string =>
      at(...parts, 'node_modules', 'fusionizer-for-nuclio', 'dist', 'cli.cjs');
    const clone = at('clone', 'dist', 'cli.cjs');
    assert.equal(invokedAs(clone, at('clone')), 'npx fusionizer');
    assert.equal(invokedAs(clone, at('clone', 'examples')), 'npx fusionizer');
    assert.equal(invokedAs(clone, at('clone-of-another')), `node ${clone}`);
    assert.equal(invokedAs(installed('lib'), at('project')), 'fusionizer');
    assert.equal(invokedAs(installed('project'), at('project', 'tasks')), 'npx fusionizer');
    assert.equal(invokedAs(installed('project'), dir), `node ${installed('project')}`);
    assert.equal(invokedAs(installed('npm', '_npx', '1'), dir), 'npx fusionizer-for-nuclio@0.1');
    assert.equal(
      invokedAs(installed('npm', '_npx', '2'), dir),
      "npx --package '/my files/fusionizer-for-nuclio-0.1.0.tgz' fusionizer",
    );
    assert.equal(invokedAs(installed('npm', '_npx', '4'), dir), 'npx ./fusionizer-for-nuclio-0.1.0.tgz');
    assert.equal(invokedAs(installed('npm', '_npx', '3'), dir), 'npx fusionizer-for-nuclio');
  });

  it('say what is wrong with a token that no request can bring', async () => {
    for (const [token, fault] of [
      [
        'two\nlines-of-a-token',
        /^error: FUSIONIZER_TOKEN has a line break in it; a token is one line of ASCII letters/,
      ],
      ['two words', /has a space in it/],
      ['t\u00f6ken', /has the character 'ö' \(U\+00F6\) in it/],
      ['token\u200b', /has the character U\+200B in it/],
    ] as const) {
      const { code, stderr } = await cli.run(['list'], { env: { FUSIONIZER_TOKEN: token } });
      assert.deepEqual([code, fault.test(stderr)], [2, true], stderr);
    }
    // As a file's content comes, or a variable that was set to nothing.
    for (const token of ['a-token\r\n', '', '\n'])
      assert.equal((await cli.run(['list'], { env: { FUSIONIZER_TOKEN: token } })).code, 3);
  });

  it('documents its exit codes', async () => {
    const { code, stdout } = await cli.run(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /Exit codes:\n {2}0 {4}success/);
  });

  it('check a schedule file, with the line of what is wrong', async () => {
    await cli.write({
      'good.json': '{"40": [["a", "b"], ["c"]]}',
      'bad.json': '{\n  "0": [["a"]],\n  "1": [["a"], ["a"]]\n}',
    });
    const good = await cli.run(['schedule', 'validate', 'good.json']);
    assert.equal(good.code, 0);
    assert.match(good.stdout, /^ +40 {2}a \+ b \| c$/m);
    const bad = await cli.run(['schedule', 'validate', 'bad.json']);
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /^error: bad\.json:3: entry "1": Task 'a' is named twice/);
  });
});
