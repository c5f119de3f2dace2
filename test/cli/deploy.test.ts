import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';

const answers = (text: string): string => `exports.handler = (context) => context.callback('${text}');\n`;

describe('deploy', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await cli.serve();
  });
  after(() => cli.close());

  it('shows what it sends and the stages, and prints the address', async () => {
    await cli.writeTask('staged', answers('one'));
    const { code, stdout, stderr } = await cli.run(['deploy', 'staged', '--verbose']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${cli.server}/staged\n`);
    assert.match(
      stderr,
      /^Deploying Task 'staged' from staged\n {2}zip {5}2 files, \d+ B .*\n +\d+ B {2}function\.yaml\n +\d+ B {2}main\.js\n/,
    );
    assert.deepEqual(
      [...stderr.matchAll(/^ {2}(\w+) {2,}[a-z]/gm)].map(([, stage]) => stage),
      ['upload', 'queued', 'build', 'start', 'ready'],
    );
    assert.match(stderr, /^ {2}version 1 serves/m);
  });

  it('does not deploy again what has not changed, unless forced', async () => {
    await cli.writeTask('same', answers('one'));
    await cli.run(['deploy', 'same']);
    assert.match((await cli.run(['deploy', 'same'])).stderr, /nothing has changed since version 1/);
    assert.match((await cli.run(['deploy', 'same', '--force'])).stderr, /version 2 serves/);
  });

  it('deploys the working directory, and a single file with its inline configuration', async () => {
    await cli.writeTask('here', answers('here'));
    assert.equal((await cli.run(['deploy'], { cwd: `${cli.dir}/here` })).code, 0);
    await cli.write({
      'single.js':
        '// @nuclio.configure\n//\n// function.yaml:\n//   metadata:\n//     name: inline-name\n//   ' +
        `spec:\n//     handler: single:handler\n\n${answers('single')}`,
    });
    const { code, stdout, stderr } = await cli.run(['deploy', 'single.js']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${cli.server}/inline-name\n`);
    assert.equal((await cli.run(['invoke', 'inline-name'])).stdout, 'single');
  });

  it('takes --name, else metadata.name, else the name of the folder or file, and suggests one where that cannot be', async () => {
    await cli.write({ 'My_Task/main.js': answers('mine'), 'plain.js': answers('plain') });
    const refused = await cli.run(['deploy', 'My_Task']);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /"My_Task" cannot be a Task's name: .* such as 'my-task' \(it is the folder's name\).*\n.*--name/,
    );
    assert.equal((await cli.run(['deploy', 'My_Task', '--name', 'my-task'])).code, 0);
    assert.equal((await cli.run(['deploy', 'plain.js'])).stdout, `${cli.server}/plain\n`);
    await cli.write({
      'named/function.yaml': 'metadata:\n  name: My Name\nspec: {runtime: nodejs, handler: main:handler}\n',
      'named/main.js': answers('x'),
    });
    const { stderr } = await cli.run(['deploy', 'named']);
    assert.match(
      stderr,
      /^error: function\.yaml:2: "My Name" cannot be a Task's name: .* such as 'my-name'\n {2}at named\/function\.yaml:2\n.*--name/,
    );
  });

  it('tells the cause with file and line when it fails, and what still serves', async () => {
    await cli.writeTask('breaks', answers('good'));
    await cli.run(['deploy', 'breaks']);
    await cli.writeTask('breaks', `${answers('bad')}\nthis is no code\n`);
    const { code, stdout, stderr } = await cli.run(['deploy', 'breaks']);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^error: .*SyntaxError.*\n {2}at breaks\/main\.js:3\n {2}version 1 of Task 'breaks' still serves\n$/m,
    );
    assert.equal((await cli.run(['invoke', 'breaks'])).stdout, 'good');
  });

  it('tells what still serves also where the Task is refused before it is sent', async () => {
    await cli.writeTask('unread', answers('good'));
    await cli.run(['deploy', 'unread']);
    await cli.write({ 'unread/function.yaml': 'metadata:\n  name: unread\nspec: []\n' });
    for (const args of [[], ['--name', 'unread']]) {
      const { code, stderr } = await cli.run(['deploy', 'unread', ...args]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /\n?error: function\.yaml:3: spec is a list.*\n( {2}at .*\n)? {2}version 1 of Task 'unread' still serves\n$/,
      );
    }
    await cli.write({ 'unknown/function.yaml': 'spec: []\n' });
    assert.doesNotMatch((await cli.run(['deploy', 'unknown'])).stderr, /serves|deployed/);
    assert.match(
      (await cli.run(['deploy', 'unknown'], { env: { FUSIONIZER_URL: 'http://127.0.0.1:9' } })).stderr,
      /^error: [^\n]*\n {2}at [^\n]*\n$/,
    );
  });

  it('shows the output of a failing build once, whichever way', async () => {
    const lines = ['first line', 'second: line', 'error: third line'];
    await cli.writeTask('noisy', answers('x'), [
      `node -e "for (const l of process.argv.slice(1)) console.log(Buffer.from(l, 'base64').toString())" ${lines.map((line) => Buffer.from(line).toString('base64')).join(' ')} && exit 3`,
    ]);
    for (const args of [[], ['--verbose']]) {
      const { code, stderr } = await cli.run(['deploy', 'noisy', ...args]);
      assert.equal(code, 1);
      for (const line of lines) assert.equal(stderr.split(line).length - 1, 1, `${line} in:\n${stderr}`);
      assert.match(stderr, /^error: The build command '.*' failed \(exit status 3\); its output is above$/m);
      assert.match(stderr, /^ {2}at noisy\/function\.yaml:\d+$/m);
    }
    const { stdout } = await cli.run(['deploy', 'noisy', '--json']);
    assert.match(JSON.parse(stdout).error.detail, /error: third line$/);
  });

  it('shows what a failing build command printed', async () => {
    await cli.writeTask('unbuilt', answers('x'), ['echo words of the build; exit 3']);
    const { code, stderr } = await cli.run(['deploy', 'unbuilt']);
    assert.equal(code, 1);
    assert.match(stderr, /words of the build/);
    assert.match(stderr, /\nerror: (.*\n)+ {2}nothing is deployed as 'unbuilt'\n$/);
  });

  it('refuses what is no Task before anything is zipped, and says what to do', async () => {
    await cli.write({
      'no-task/readme.md': '',
      'no-task/sub/main.py': '',
      'two/a.py': '',
      'two/b.js': '',
      'notes.txt': '',
      'one/a.py': '',
      'one/README': '',
    });
    for (const [source, why] of [
      ['no-task', /^error: There is no function\.yaml in .*no-task: .* this one has no source file\n/],
      ['two', /^error: There is no function\.yaml in .*two: .* this one has 2 source files\n/],
      ['notes.txt', /^error: notes\.txt is not a Task: /],
    ] as const) {
      const { code, stdout, stderr } = await cli.run(['deploy', source]);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, why);
      assert.match(
        stderr,
        /\n {2}Make a new Task with `node \S+ init NAME`, or name a folder that has a function\.yaml\.\n$/,
      );
      assert.doesNotMatch(stderr, /zip|nothing is deployed/);
    }
  });

  it('summarises many warnings about what is not sent', { skip: process.platform === 'win32' }, async () => {
    await cli.writeTask('linked', answers('linked'));
    for (const name of ['a', 'b', 'c', 'd', 'e']) await symlink('/nowhere', path.join(cli.dir, 'linked', name));
    const { code, stderr } = await cli.run(['deploy', 'linked']);
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/^ {2}warning . is not sent: the link leads nowhere$/gm)?.length, 2);
    assert.match(stderr, /^ {2}warning 3 more are not sent; --verbose lists them$/m);
    const all = await cli.run(['deploy', 'linked', '--verbose']);
    assert.equal(all.stderr.match(/^ {2}warning . is not sent/gm)?.length, 5);
  });

  it('goes on with the others when one of several fails', async () => {
    await cli.writeTask('fine', answers('fine'));
    const { code, stdout, stderr } = await cli.run(['deploy', 'nowhere', 'fine', '--json']);
    assert.equal(code, 2, stderr);
    assert.equal(stderr, '');
    const [failed, deployed] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual({ ok: failed.ok, source: failed.source }, { ok: false, source: 'nowhere' });
    assert.deepEqual({ ok: deployed.ok, state: deployed.task.state }, { ok: true, state: 'ready' });
  });

  it('is cancelled by Ctrl+C; what served before still serves', async () => {
    await cli.writeTask('slow', answers('old'));
    await cli.run(['deploy', 'slow']);
    await cli.writeTask('slow', answers('new'), ['echo building; sleep 60']);
    const deploying = cli.start(['deploy', 'slow', '--verbose']);
    await deploying.until(/^ +building$/m);
    deploying.child.kill('SIGINT');
    const { code, stderr } = await deploying.ended;
    assert.equal(code, 130);
    assert.match(
      stderr,
      /\nerror: The operation was cancelled: nothing was changed\n {2}version 1 of Task 'slow' still serves\n$/,
    );
    assert.equal((await cli.run(['invoke', 'slow'])).stdout, 'old');
  });

  it('fails, and is not said to be cancelled, when the server closes meanwhile', async () => {
    const server = cli.start(['serve', '--port', '0', '--state', path.join(cli.dir, 'closing')]);
    const [, address = ''] = await server.until(/^Fusionizer is ready at (\S+)$/m);
    await cli.writeTask('slow', answers('new'), ['echo building; sleep 60']);
    const deploying = cli.start(['deploy', 'slow', '--verbose', '--server', address]);
    await deploying.until(/^ +building$/m);
    server.child.kill('SIGTERM');
    const { code, stderr } = await deploying.ended;
    assert.equal(code, 1);
    assert.match(stderr, /\nerror: The server is closing: nothing was changed\. Try again when a server runs\n$/);
    assert.equal((await server.ended).code, 0);
  });

  it('deploys again what changes with --watch, tells a failure, and ends well with Ctrl+C', async () => {
    await cli.writeTask('watched', answers('one'));
    const watching = cli.start(['deploy', 'watched', '--watch']);
    await watching.until(/^Watching watched/m);
    await cli.writeTask('watched', 'exports.handler = (;');
    await watching.until(/SyntaxError[\s\S]*version 1 of Task 'watched' still serves/);
    await cli.writeTask('watched', answers('two'));
    await watching.until(/still serves[\s\S]*version \d+ serves/);
    assert.equal((await cli.run(['invoke', 'watched'])).stdout, 'two');
    await cli.writeTask('watched', answers('three'), ['until test -e never; do sleep 0.02; done']);
    await watching.until(/still serves[\s\S]*version \d+ serves[\s\S]*\n {2}build /);
    await cli.writeTask('watched', answers('four'));
    await watching.until(/changed again: this deploy is cancelled\n[\s\S]*version \d+ serves/);
    watching.child.kill('SIGINT');
    assert.equal((await watching.ended).code, 0);
  });

  it('says once for each Task that the server asks for a token', async () => {
    const own = cli.server;
    await cli.serve(['--auth', 'always']);
    await cli.writeTask('first', answers('first'));
    await cli.writeTask('second', answers('second'));
    const { code, stderr } = await cli.run(['deploy', 'first', 'second']);
    cli.server = own;
    assert.equal(code, 1);
    assert.equal(stderr.match(/This server needs a token/g)?.length, 2, stderr);
  });

  for (const runtime of ['nodejs', 'python']) {
    it(`makes a ${runtime} Task that works at once`, async () => {
      const name = `new-${runtime}`;
      assert.equal((await cli.run(['init', name, '--runtime', runtime])).code, 0);
      assert.equal((await cli.run(['init', name, '--runtime', runtime])).code, 2, 'what is there is not overwritten');
      const deployed = await cli.run(['deploy', name]);
      assert.equal(deployed.code, 0, deployed.stderr);
      const { stdout } = await cli.run(['invoke', name, '-d', '{"name": "you"}']);
      assert.deepEqual(JSON.parse(stdout), { message: 'Hello, you!' });
      assert.deepEqual(JSON.parse((await cli.run(['invoke', name, '-X', 'GET'])).stdout), { message: 'Hello, world!' });
    });
  }
});
