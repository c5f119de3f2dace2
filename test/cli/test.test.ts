import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliHarness, type CliResult } from '../support/cli.ts';
import { functionYaml } from '../support/tasks.ts';

/** Adds two numbers, and says in which process; `sum` calls it. */
const ADD = `exports.handler = (context, event) => {
  const { a, b } = JSON.parse(event.body);
  context.callback(new context.Response({ sum: a + b, pid: process.pid }, {}, 'application/json', 200));
};
`;
const CALLER = `exports.handler = async (context, event, session) => {
  const { n, tells } = JSON.parse(event.body);
  const answer = await session.post(process.env.FUSIONIZER_URL + '/add', { json: { a: n, b: 1 } });
  const { sum, pid } = await answer.json();
  // What a fusion changes for whoever looks at the process.
  const fused = pid === process.pid;
  context.callback(JSON.stringify(tells ? { next: sum, fused } : { next: sum }));
};
`;

describe('fusionizer test', () => {
  let cli: CliHarness;
  let dir: string;
  before(async () => {
    cli = await CliHarness.create();
    dir = path.join(cli.dir, 'project');
    for (const [file, text] of Object.entries({
      'add/function.yaml': functionYaml('nodejs'),
      'add/main.js': ADD,
      'next/function.yaml': functionYaml('nodejs'),
      'next/main.js': CALLER,
      '.fusionizer/payloads/add/two.json': '// POST /anything\n\n{"a": 1, "b": 2}\n',
      '.fusionizer/payloads/add/two.expected.json': '{"body": {"sum": 3}, "ignore": ["body.pid"]}\n',
      '.fusionizer/payloads/add/open.json': '{"a": 1, "b": 1}\n',
      '.fusionizer/payloads/next/one.json': '{"n": 1}\n',
      '.fusionizer/payloads/next/one.expected.json': '{"body": {"next": 2}}\n',
    })) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), text);
    }
  });
  after(() => cli.close());

  /** Without a server that is named: the command starts its own. */
  const run = (...args: string[]): Promise<CliResult> =>
    cli.run(['test', '-C', dir, ...args], { env: { FUSIONIZER_URL: '' } });
  const payload = (name: string): string => path.join(dir, '.fusionizer', 'payloads', name);

  it('sends each payload with the Tasks apart and fused, and compares the answers', async () => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr + stdout);
    const cases = String.raw` {2}✔ add\/two\.json .*\n {2}✔ next\/one\.json .*\n`;
    assert.match(stdout, new RegExp(`^apart\n${cases}fused: add \\+ next\n${cases}\n4 passed, 0 failed\n$`));
    assert.match(stderr, /1 payloads have no expected answer/);
  });

  it('shows what differs, also in one way only, and ends with 1', async () => {
    await writeFile(payload('next/tells.json'), '{"n": 1, "tells": true}\n');
    await writeFile(payload('next/tells.expected.json'), '{"body": {"next": 2, "fused": false}}\n');
    const junit = path.join(cli.dir, 'results.xml');
    const { code, stdout } = await run('next', '--junit', junit);
    assert.equal(code, 1);
    assert.match(stdout, /apart\n.*one\.json.*\n {2}✔ next\/tells\.json/);
    assert.match(stdout, /✖ next\/tells\.json.*\n {6}body\.fused\n {8}- false\n {8}\+ true\n/);
    assert.match(stdout, /3 passed, 1 failed/);
    const xml = await readFile(junit, 'utf8');
    assert.match(xml, /<testsuites tests="4" failures="1" errors="0"/);
    assert.match(
      xml,
      /<testcase classname="fused: next" name="tells\.json" [^>]*>\n\s+<failure message="1 part differs">/,
    );
  });

  it('writes the expected answers, once, and what is ignored stays so', async () => {
    const file = payload('add/two.expected.json');
    await writeFile(file, '{"ignore": ["body.pid"]}\n');
    const { code, stdout } = await run('add', '--update');
    assert.equal(code, 0, stdout);
    const { status, body, ignore } = JSON.parse(await readFile(file, 'utf8'));
    assert.deepEqual([status, body.sum, ignore], [200, 3, ['body.pid']]);
  });

  it('uses a server that is named as it is', async () => {
    await cli.serve();
    await cli.run(['deploy', path.join(dir, 'add')]);
    const { code, stdout } = await cli.run(['test', '-C', dir, 'add', '--json']);
    const { passed, results } = JSON.parse(stdout);
    assert.deepEqual([code, passed, results[0].way, results[0].task], [0, 1, 'as it is', 'add']);
    const missing = await cli.run(['test', '-C', dir, 'next']);
    assert.equal(missing.code, 1);
    assert.match(missing.stdout, /✖ next\/one\.json/);
  });

  it('says what to do where there is nothing to test, or the command line is wrong', async () => {
    const nothing = await run('other');
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /No payload in .* has an expected answer/);
    assert.equal((await run('--only', 'both')).code, 2);
    assert.equal((await cli.run(['test', '-C', path.join(dir, 'nowhere')], { env: { FUSIONIZER_URL: '' } })).code, 2);
    await writeFile(payload('add/two.expected.json'), '{"statuz": 1}');
    const wrong = await run('add');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /two\.expected\.json: .*statuz/);
  });
});
