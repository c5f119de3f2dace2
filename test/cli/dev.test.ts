import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CliHarness, type CliProcess, type RunOptions } from '../support/cli.ts';
import { canSeeProcesses, processes } from '../support/processes.ts';

const answers = (text: string): string => `exports.handler = (context) => context.callback('${text}');\n`;

const CALLER = `exports.handler = async (context, event, session) => {
  context.logger.infoWith('Calling', { times: 2 });
  const server = event.headers['Fusionizer-Server-Address'];
  for (const n of [1, 2]) await session.post(\`http://\${server}:8000/callee\`, { json: { n } });
  context.callback('called');
};
`;

const INLINE = `// @nuclio.configure
//
// function.yaml:
//   metadata:
//     name: inline
//   spec:
//     handler: single:handler

${answers('inline')}`;

describe('dev', { concurrency: false }, () => {
  let cli: CliHarness;
  beforeEach(async () => {
    cli = await CliHarness.create();
    await mkdir(path.join(cli.dir, 'project'));
  });
  afterEach(() => cli.close());

  /** Starts it on the folder `project`, on a free port, and waits until its Tasks are deployed. */
  const start = async (args: readonly string[] = ['--port', '0'], options: RunOptions = {}): Promise<CliProcess> => {
    const cwd = path.join(cli.dir, 'project');
    const dev = cli.start(['dev', ...args], { ...options, cwd, env: { FUSIONIZER_URL: '', ...options.env } });
    [, cli.server = ''] = await dev.until(/^Fusionizer is ready at (\S+)$/m);
    await dev.until(/ (Watching \d+ Tasks?\.|There is no Task here yet)/);
    return dev;
  };
  const stop = async (dev: CliProcess): Promise<void> => {
    dev.child.kill('SIGINT');
    const { code, stderr } = await dev.ended;
    assert.deepEqual([code, stderr], [0, '']);
  };
  const invoke = async (task: string): Promise<string> => (await cli.run(['invoke', task])).stdout;

  it('serves and deploys every Task below the folder, but not those of packages and tools', async () => {
    await cli.writeTask('project/one', answers('one'));
    await cli.write({
      'project/deep/er/two/function.yml': 'spec: {runtime: nodejs, handler: "main:handler"}\n',
      'project/deep/er/two/main.js': answers('two'),
      'project/single.js': INLINE,
      'project/one/helper.js': INLINE,
      'project/no-task.js': answers('no'),
    });
    for (const skipped of ['node_modules', '.venv', '.git'])
      await cli.writeTask(`project/${skipped}/no`, answers('no'));
    await cli.write({ 'project/one/function.yaml': 'spec: {runtime: nodejs, handler: "main:handler"}\n' });
    const dev = await start();
    assert.deepEqual([await invoke('one'), await invoke('two'), await invoke('inline')], ['one', 'two', 'inline']);
    assert.match(dev.stdout, / Watching 3 Tasks\. Press Ctrl\+C to stop\.$/m);
    assert.deepEqual([...dev.stdout.matchAll(/ (\w+) +deployed version 1 /g)].map(([, name]) => name).sort(), [
      'inline',
      'one',
      'two',
    ]);
    await stop(dev);
  });

  it('deploys what changes and what is new, reports what is removed, and tries a failed deploy again', async () => {
    await cli.writeTask('project/first', answers('old'));
    await cli.writeTask('project/broken', `${answers('x')}\nthis is no code\n`);
    const dev = await start();
    await dev.until(/broken +failed .*SyntaxError.*\n +at broken\/main\.js:3\n +nothing is deployed as 'broken'$/m);
    assert.equal(await invoke('first'), 'old');

    await cli.writeTask('project/first', answers('new'));
    await dev.until(/first +deployed version 2 /);
    assert.equal(await invoke('first'), 'new');
    await cli.writeTask('project/broken', answers('mended'));
    await dev.until(/broken +deployed version 1 /);
    assert.equal(await invoke('broken'), 'mended');

    await cli.writeTask('aside', answers('added'));
    await cli.write({
      'aside/function.yaml': 'metadata: {name: added}\nspec: {runtime: nodejs, handler: "main:handler"}\n',
    });
    await rename(path.join(cli.dir, 'aside'), path.join(cli.dir, 'project', 'added'));
    await dev.until(/added +deployed version 1 /);
    await rm(path.join(cli.dir, 'project', 'added'), { recursive: true });
    await dev.until(/added +removed added\n +The Task still serves\. Delete it with:\n +node \S+ delete added$/m);
    assert.equal(await invoke('added'), 'added');
    await stop(dev);
  });

  it('tries a failed deploy again at a save that changes nothing: what failed may lie elsewhere', async () => {
    const flag = path.join(cli.dir, 'flag');
    await cli.writeTask('project/built', answers('built'), [`test -e ${flag}`]);
    const dev = await start();
    await dev.until(/built +failed /);
    await cli.write({ flag: '' });
    await cli.writeTask('project/built', answers('built'), [`test -e ${flag}`]);
    await dev.until(/built +deployed version 1 /);
    await stop(dev);
  });

  it('shows requests with their calls, logs of all Tasks, and which Tasks are fused', async () => {
    await cli.writeTask('project/caller', CALLER);
    await cli.writeTask('project/callee', answers('called'));
    const dev = await start();
    await cli.run(['invoke', 'caller', '--path', '/some/path?secret=1']);
    await dev.until(/^\d\d:\d\d:\d\d caller {3}info {2}Calling times=2$/m);
    await dev.until(/^\d\d:\d\d:\d\d caller {3}POST \/caller\/some\/path 200 [\d.]+ ms$/m);
    await dev.until(/^\d\d:\d\d:\d\d caller {5}2 remote calls: callee [\d.]+ ms, callee [\d.]+ ms$/m);
    await cli.run(['fuse', 'caller,callee']);
    await dev.until(/^\d\d:\d\d:\d\d {10}Fused: callee \+ caller$/m);
    await cli.run(['invoke', 'caller', '-X', 'GET']);
    await dev.until(/GET \/caller\/ 200 /);
    await dev.until(/2 local calls: callee /);
    await cli.run(['split', 'caller']);
    await dev.until(/Every Task runs by itself$/m);
    await stop(dev);
  });

  it('refuses a second folder with the name of a Task', async () => {
    await cli.writeTask('project/a', answers('a'));
    await cli.writeTask('project/b', answers('b'));
    await cli.write({
      'project/b/function.yaml': 'metadata: {name: a}\nspec: {runtime: nodejs, handler: "main:handler"}\n',
    });
    await cli.write({
      'project/a/function.yaml': 'metadata: {name: a}\nspec: {runtime: nodejs, handler: "main:handler"}\n',
    });
    const dev = await start();
    await dev.until(/b +failed b and a are both Task 'a'\. Change metadata\.name in one of them\.$/m);
    assert.equal(await invoke('a'), 'a');
    await stop(dev);
  });

  it('uses the server that serves the folder already, and leaves it running', async () => {
    await cli.writeTask('project/mine', answers('mine'));
    const project = path.join(cli.dir, 'project');
    const own = cli.start(['serve', '--port', '0'], { cwd: project });
    const [, address] = await own.until(/^Fusionizer is ready at (\S+)$/m);
    const refused = await cli.run(['dev', '--port', '1'], { cwd: project, env: { FUSIONIZER_URL: '' } });
    assert.deepEqual(refused, {
      code: 2,
      stdout: '',
      stderr:
        `error: --port cannot change the server at ${address}, which runs already. Stop that server first, ` +
        'or leave the option out.\n',
    });
    const dev = await start([]);
    assert.match(dev.stdout, /^It serves this folder already, and keeps running after Ctrl\+C\.$/m);
    await stop(dev);
    assert.equal(await invoke('mine'), 'mine');
    own.child.kill('SIGINT');
    assert.equal((await own.ended).code, 0);
  });

  it('takes a free port where 8000 is taken, prints JSON lines, and leaves no process', async () => {
    const taken = cli.start(['serve', '--state', path.join(cli.dir, 'other')]);
    await Promise.race([taken.until(/Fusionizer is ready/), taken.ended]);
    await cli.write({ 'project/README': 'no Task' });
    const dev = cli.start(['dev', '--json', 'project'], { env: { FUSIONIZER_URL: '' } });
    await dev.until(/"type":"watching"/);
    dev.child.kill('SIGTERM');
    const { code, stdout, stderr } = await dev.ended;
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): { type: string; address?: string } => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['ready', 'watching', 'note'],
    );
    assert.notEqual(new URL(lines[0]?.address ?? '').port, '8000');
    taken.child.kill('SIGTERM');
    await taken.ended;
    if (!canSeeProcesses) return;
    const dir = realpathSync(cli.dir);
    assert.deepEqual(
      (await processes()).filter(({ cwd, command }) => cwd.startsWith(dir) || command.includes(dir)),
      [],
    );
  });

  it('says that a folder is missing', async () => {
    const { code, stderr } = await cli.run(['dev', 'nowhere']);
    assert.deepEqual([code, stderr], [2, 'error: nowhere is not a folder. Name the folder that holds the Tasks.\n']);
  });
});
