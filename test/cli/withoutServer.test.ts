import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { invokedAs } from '../../src/cli/invokedAs.ts';
import { CliHarness } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const ECHO = `exports.handler = (context, event) => {
  context.logger.info('got ' + event.method);
  const body = { text: event.body.toString(), type: event.content_type, path: event.path, method: event.method, header: event.headers['X-Mine'] };
  context.callback(body);
};`;

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
        /error: No Fusionizer server is reachable at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\)\n {2}FUSIONIZER_URL names this server\. Start one with `node \S+cli\.cjs serve`/,
      );
    }
  });

  it('refuse a wrong command line with 2 and a hint', async () => {
    for (const [args, hint] of [
      [['lst'], /There is no command 'lst'\. Did you mean/],
      [['list', '--jsn'], /no option '--jsn' of this command\. Did you mean --json\?/],
      [['fuse', 'Task_A,b'], /such as 'task-a'/],
      [['serve', '--port', 'x'], /Write a port from 1 to 65535/],
      [['serve', '--platform', 'kube'], /'kube' is not a platform of this server\. Choose embedded\./],
      [['list', '--server', 'nonsense'], /"nonsense" is not a server address/],
      [['invoke', 'x', '-d', '1', '-f', 'y'], /--data and --file/],
      [['logs', 'x', '--level', 'loud'], /Choose one of debug, info, warn, error/],
      [[], /Usage: fusionizer/],
    ] as const) {
      const { code, stderr } = await cli.run(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, hint);
    }
  });

  it('name the variable that holds a wrong address', async () => {
    for (const [url, words] of [
      [
        'nonsense',
        /^error: FUSIONIZER_URL: "nonsense" is not a server address\. Set FUSIONIZER_URL=http:\S+:8000, for/,
      ],
      [
        'http://localhost:9/x',
        /^error: FUSIONIZER_URL: .* more than host and port\. Set FUSIONIZER_URL=http:\S+:9\.$/m,
      ],
    ] as const) {
      const { code, stderr } = await cli.run(['list'], { env: { FUSIONIZER_URL: url } });
      assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
    }
  });

  it('tell a wrong command line in one JSON line with --json', async () => {
    for (const [args, detail] of [
      [['--json', 'lst'], /^There is no command 'lst'\. Did you mean .*list.*\?$/],
      [['list', '--jsn', '--json'], /^There is no option '--jsn'/],
      [['get', '--json'], /^The argument <task> is missing/],
      [['get', 'x', 'y', '--json'], /^This command takes one argument: leave y out/],
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
