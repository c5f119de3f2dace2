import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness } from '../support/cli.ts';

describe('init names what to do next', { concurrency: true }, () => {
  let cli: CliHarness;
  before(async () => {
    cli = await CliHarness.create();
  });
  after(() => cli.close());

  for (const [runtime, template, next] of [
    ['python', 'plain', [/dev +# serves/, /invoke t -d '\{"name":"you"\}' +# in another terminal/]],
    [
      'nodejs',
      'call',
      [/dev +# /, /init hello +# 't' calls a Task 'hello': make it/, /invoke t -d '\{"name":"you"\}'/],
    ],
    ['python', 'cron', [/dev +# /, /invoke t +# /]],
    ['python', 'packages', [/dev +# /, /invoke t -d '\{"bytes":123456\}'/]],
    ['nodejs', 'packages', [/dev +# /, /invoke t -d '\{"date":"2024-02-28"\}'/]],
  ] as const)
    it(`${template} in ${runtime}`, async () => {
      const cwd = path.join(cli.dir, `${runtime}-${template}`);
      await mkdir(cwd);
      const { code, stderr } = await cli.run(['init', 't', '-r', runtime, '-t', template], { cwd });
      assert.equal(code, 0, stderr);
      const [made, ...steps] = stderr.trimEnd().split('\n');
      assert.match(made ?? '', /^Made t\/function\.yaml and t\/main\.\w+\. Next:$/);
      assert.equal(steps.length, next.length, stderr);
      for (const [index, step] of next.entries()) assert.match(steps[index] ?? '', step);
    });

  it('and does not ask for a Task that is there', async () => {
    const cwd = path.join(cli.dir, 'both');
    await mkdir(cwd);
    await cli.run(['init', 'hello'], { cwd });
    const { stderr } = await cli.run(['init', 'caller', '--template', 'call'], { cwd });
    assert.match(stderr, /Next:\n.* dev +# .*\n.* invoke caller /);
    assert.doesNotMatch(stderr, /init/);
  });

  it('and the body is one that a template reads', async () => {
    await cli.serve();
    await cli.run(['init', 'plain', '-r', 'nodejs']);
    const { stderr } = await cli.run(['init', 'caller', '-r', 'nodejs', '-t', 'call']);
    assert.match(stderr, /caller/);
    await cli.run(['deploy', 'plain', 'caller']);
    assert.match((await cli.run(['invoke', 'plain', '-d', '{"name":"you"}'])).stdout, /Hello, you!/);
  });
});
