import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';

/** As if nobody named a server. */
const env = { FUSIONIZER_URL: '' };

describe('the server of the working directory', { concurrency: false }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
    await mkdir(path.join(cli.dir, 'project', 'below'), { recursive: true });
  });
  after(() => cli.close());

  it('is found from there and from below, with its token, wherever it listens', async () => {
    const cwd = path.join(cli.dir, 'project');
    const server = cli.start(['serve', '--port', '0', '--auth', 'always'], { cwd });
    await server.until(/^Fusionizer is ready at /m);
    await cli.writeTask('project/below/task', "exports.handler = (context) => context.callback('found');\n");
    const deployed = await cli.run(['deploy', 'task', '--name', 'task'], { cwd: path.join(cwd, 'below'), env });
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.equal((await cli.run(['invoke', 'task'], { cwd, env })).stdout, 'found');
    const elsewhere = await cli.run(['list', '--server', 'http://127.0.0.1:9'], { cwd, env });
    assert.match(elsewhere.stderr, /127\.0\.0\.1:9/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended).code, 0);
  });
});
