import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { loadApplications } from '../../src/demo/applications.ts';
import { hints } from '../../src/demo/hints.ts';
import { CliProcess } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { withPort8000 } from '../support/port8000.ts';

describe('the demo', () => {
  it('says that its state is temporary, and what Ctrl+C ended', async (t) => {
    const dir = await temporaryFolder(t);
    const bundle = path.resolve('dist', `test-demo-${process.pid}`, 'demo.cjs');
    const { bundleDemo }: { bundleDemo(outfile: string): Promise<void> } = await import(
      new URL('../../scripts/bundle.mjs', import.meta.url).href
    );
    await bundleDemo(bundle);
    t.after(() => rm(path.dirname(bundle), { recursive: true, force: true }));
    const env = { PATH: process.env['PATH'], HOME: dir, TMPDIR: dir, NO_COLOR: '1', ...(await withPort8000(dir, 9)) };
    const demo = new CliProcess(spawn(process.execPath, [bundle], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    t.after(() => demo.child.kill('SIGKILL'));
    const [, address = ''] = await demo.until(/^Fusionizer for Nuclio serves at (\S+)$/m);
    await demo.until(/^\(Port 8000 is in use by another program, so this is a free one\.\)$/m);
    const [, state = ''] = await demo.until(/^Tasks and state are temporary: (\S+) is removed at the end\.$/m);
    assert.ok(existsSync(state));
    await demo.until(/^Deploying the examples, each Task as a function of its own$/m);
    demo.child.kill('SIGINT');
    const { code, stdout, stderr } = await demo.ended;
    assert.deepEqual([code, stderr, existsSync(state)], [130, '', false]);
    assert.match(
      stdout,
      /\nCtrl\+C: the demo ends before its table\.\nThe demo has ended: its server is stopped, its Tasks and their state are removed\.\n$/,
    );
    await assert.rejects(fetch(address), 'its server is gone');
  });

  it('names commands that work: by the address where the usual port is not its own', async () => {
    const applications = await loadApplications();
    assert.ok(hints(new URL('http://127.0.0.1:8000'), true, applications).includes('npx fusionizer list'));
    const elsewhere = hints(new URL('http://127.0.0.1:4711/'), false, []);
    assert.ok(elsewhere.includes('npx fusionizer --server http://127.0.0.1:4711 list'));
    assert.ok(!elsewhere.some((line) => line.includes('alert')), 'Tasks in Python are not there');
  });
});
