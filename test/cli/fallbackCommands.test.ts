import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness, type CliResult } from '../support/cli.ts';
import { withPort8000 } from '../support/port8000.ts';

const ADDRESS = 'http://127.0.0.1:8000';

describe('a command in a folder without a server', { concurrency: false }, () => {
  let cli: CliHarness;
  let served: string;
  let env: Record<string, string>;
  before(async () => {
    cli = await CliHarness.create();
    for (const name of ['a', 'b'])
      await cli.writeTask(`served/${name}`, `exports.handler = (c) => c.callback('${name}');`);
    await cli.writeTask('elsewhere/c', "exports.handler = (c) => c.callback('c');");
    served = path.join(cli.dir, 'served');
    await cli.serve([], { cwd: served });
    await cli.run(['deploy', 'served/a', 'served/b']);
    env = { ...(await withPort8000(cli.dir, new URL(cli.server).port)), FUSIONIZER_URL: '' };
  });
  after(() => cli.close());

  const run = (args: string[], cwd = path.join(cli.dir, 'elsewhere')): Promise<CliResult> =>
    cli.run(args, { cwd, env });
  const remark = (): string => `Using the server at ${ADDRESS}, which serves ${served}\n`;
  const groups = async (): Promise<string> => (await cli.run(['list'])).stdout;

  it('reads from the server at port 8000, and says so', async () => {
    const invoked = await run(['invoke', 'a']);
    assert.deepEqual(invoked, { code: 0, stdout: 'a', stderr: remark() });
    for (const args of [
      ['list'],
      ['get', 'a'],
      ['setup'],
      ['logs', 'a'],
      ['traces'],
      ['schedule', 'show'],
      ['prune', '--dry-run'],
    ]) {
      const { code, stderr } = await run(args);
      assert.deepEqual([code, stderr.startsWith(remark())], [0, true], `${args.join(' ')}: ${stderr}`);
    }
    const json = await run(['list', '--json']);
    assert.deepEqual([json.code, json.stderr, JSON.parse(json.stdout).length], [0, '', 2]);
  });

  it('does not change that server, which serves another folder, unless it is named', async () => {
    const before = await groups();
    const words =
      `error: The server at ${ADDRESS} serves ${served}, and not this folder. ` +
      `To change it all the same, name it: --server ${ADDRESS}. To serve this folder: `;
    for (const args of [['fuse', 'a,b'], ['split', 'a'], ['deploy', 'c'], ['delete', 'a'], ['prune']]) {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout, stderr.startsWith(words)], [2, '', true], `${args.join(' ')}: ${stderr}`);
    }
    assert.equal(await groups(), before);
    const named = await run(['fuse', 'a,b', '--server', ADDRESS]);
    assert.deepEqual([named.code, named.stderr.includes('Using')], [0, false], named.stderr);
    assert.match(await groups(), /a +a \+ b/);
  });

  it('changes it from the folder that it serves, and below', async () => {
    await mkdir(path.join(served, 'below'), { recursive: true });
    for (const cwd of [served, path.join(served, 'below')]) {
      const { code, stderr } = await run(['split', 'a'], cwd);
      assert.deepEqual([code, stderr.startsWith(remark())], [0, true], stderr);
    }
  });
});
