import assert from 'node:assert/strict';
import { appendFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CliHarness, type CliProcess } from '../support/cli.ts';

const answers = (text: string): string => `exports.handler = (context) => context.callback('${text}');\n`;

describe('dev with other clients, renamed folders and long builds', { concurrency: false }, () => {
  let cli: CliHarness;
  beforeEach(async () => {
    cli = await CliHarness.create();
    await mkdir(path.join(cli.dir, 'project'));
  });
  afterEach(() => cli.close());

  const start = async (args: readonly string[] = ['--port', '0']): Promise<CliProcess> => {
    const dev = cli.start(['dev', ...args], { cwd: path.join(cli.dir, 'project'), env: { FUSIONIZER_URL: '' } });
    [, cli.server = ''] = await dev.until(/^Fusionizer is ready at (\S+)$/m);
    await dev.until(/ Watching \d+ Tasks?\./);
    return dev;
  };
  const stop = async (dev: CliProcess): Promise<void> => {
    dev.child.kill('SIGINT');
    const { code, stderr } = await dev.ended;
    assert.deepEqual([code, stderr], [0, '']);
  };
  /** A build that goes on until a file is there. @param note makes it a build of its own */
  const buildUntil = (flag: string, note: string): string =>
    `until test -e ${path.join(cli.dir, flag)}; do sleep 0.02; done # ${note}`;

  it('an older deploy that another client or a newer save replaces is a remark, and what serves is shown', async () => {
    await cli.writeTask('project/t1', answers('old'));
    await cli.writeTask('project/lone', answers('lone'));
    await cli.write({ 'project/lone/function.yaml': '' });
    await rename(path.join(cli.dir, 'project/lone/function.yaml'), path.join(cli.dir, 'aside'));
    let dev = await start();
    assert.match(dev.stdout, / lone has one source file but no function\.yaml: add one to have it deployed$/m);
    assert.equal((await cli.run(['deploy', 'project/lone'])).code, 0);
    await stop(dev);
    dev = await start();
    assert.match(dev.stdout, / lone is deployed as 'lone', and not watched: it has no function\.yaml$/m);

    await cli.writeTask('project/t1', answers('new'), [buildUntil('flag', 'one')]);
    await dev.until(/t1 +build of t1 goes on/);
    const other = cli.start(['deploy', 'project/t1']);
    await dev.until(/^\S+ t1 +another client deploys it now$/m);
    await cli.write({ flag: '' });
    await dev.until(/^\S+ t1 +version 2 deployed by another client$/m);
    assert.equal((await other.ended).code, 0);

    await cli.writeTask('project/t1', answers('newer'), [buildUntil('second', 'two')]);
    await dev.until(/(t1 +build of t1 goes on[\s\S]*){2}/);
    await cli.writeTask('project/t1', answers('newest'));
    await dev.until(/^\S+ t1 +saved again: the deploy before is cancelled\n\S+ t1 +deployed version 3 /m);
    assert.equal((await cli.run(['invoke', 't1'])).stdout, 'newest');
    assert.doesNotMatch(dev.stdout, / failed /);

    await cli.run(['delete', 't1']);
    await dev.until(/t1 +deleted by another client; the next save of t1 deploys it again$/m);
    await cli.writeTask('project/t1', answers('newest'));
    await dev.until(/t1 +deployed version 1 /);
    assert.equal(dev.stdout.match(/by another client/g)?.length, 2, 'own deploys are not shown twice');
    await stop(dev);
  });

  it('a renamed folder is a move, and one that vanished while nobody watched is reported at the start', async () => {
    for (const name of ['stock', 'order']) await cli.writeTask(`project/${name}`, answers(name));
    await cli.serve([], { cwd: path.join(cli.dir, 'project') });
    const { server } = cli;
    const first = await start(['--server', server]);
    await rename(path.join(cli.dir, 'project/stock'), path.join(cli.dir, 'project/store'));
    await first.until(/^\S+ stock +moved to store\n\S+ stock +deployed version 2 /m);
    assert.match((await cli.run(['get', 'stock'])).stdout, /^Source +\S+store$/m);
    await appendFile(path.join(cli.dir, 'project/store/main.js'), '// more\n');
    await first.until(/stock +deployed version 3 /);
    assert.doesNotMatch(first.stdout, /removed|unchanged/);
    first.child.kill('SIGINT');
    await first.until(new RegExp(` Stopped watching\\. The server at ${server} keeps running\\.$`, 'm'));
    assert.equal((await first.ended).code, 0);

    await rename(path.join(cli.dir, 'project/order'), path.join(cli.dir, 'order'));
    const second = await start(['--server', server]);
    assert.match(second.stdout, /order +removed order\n +The Task still serves\. Delete it with:\n.* delete order$/m);
    assert.match(second.stdout, / Watching 1 Task\./);
    await stop(second);
  });
});
