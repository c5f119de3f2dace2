import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TraceRecord } from '../../src/shared/api.ts';
import type { ReplayView } from '../../src/shared/traceApi.ts';
import { CliHarness, type CliResult } from '../support/cli.ts';

const COUNTS = `let count = 0;
exports.handler = (context, event) => {
  const status = Number(event.fields.status ?? 200);
  count += 1;
  context.callback(new context.Response({ text: event.body.toString(), count }, {}, 'application/json', status));
};`;

describe('traces and replay on the command line', { concurrency: false }, () => {
  let cli: CliHarness;
  let trace = '';
  const json = <T>({ stdout }: CliResult): T => JSON.parse(stdout);
  const newest = async (...args: string[]): Promise<TraceRecord[]> =>
    json(await cli.run(['traces', '--json', ...args]));

  before(async () => {
    cli = await CliHarness.create();
    await cli.serve();
    await cli.writeTask('counts', COUNTS);
    await cli.writeTask('fixed', "exports.handler = (context) => context.callback('fixed');");
    assert.equal((await cli.run(['deploy', 'counts', 'fixed'])).code, 0);
    const header = ['-H', 'X-Api-Key: secret-of-the-client'];
    const sent = await cli.run(['invoke', 'counts', '-d', '{"n": 1}', ...header, '--json']);
    ({ trace } = json<{ trace: string }>(sent));
    await cli.run(['invoke', 'counts', '-p', '/?status=404']);
    await cli.run(['invoke', 'fixed']);
  });
  after(() => cli.close());

  it('finds records by status, duration, time and number', async () => {
    const statuses = async (...args: string[]): Promise<number[]> =>
      (await newest(...args)).map(({ status }) => status);
    assert.deepEqual(await statuses('--status', 'error'), [404]);
    assert.deepEqual(await statuses('counts', '--status', '2xx', '--since', '1h'), [200]);
    assert.deepEqual(await statuses('--limit', '2'), [404, 200]);
    assert.deepEqual(await statuses('--min', '500s'), []);
    assert.match((await cli.run(['traces', '--min', '500s'])).stderr, /^No record fits these options$/m);
    assert.deepEqual(await statuses(trace), [200]);
    for (const wrong of [
      ['--status', 'bad'],
      ['--min', 'long'],
      [trace, '--min', '1'],
      ['-t', trace, '--status', '200'],
      ['--curl'],
    ])
      assert.equal((await cli.run(['traces', ...wrong])).code, 2, wrong.join(' '));
  });

  it('records what serve is told to', async () => {
    const { code, stderr } = await cli.run(['serve', '--record', 'some']);
    assert.equal(code, 2);
    assert.match(stderr, /^error: 'some' is no value of --record\. Choose one of all, errors, none\.$/m);
    assert.equal((await cli.run(['serve', '--record-limit', '0'])).code, 2);
  });

  it('prints a recorded request as a curl command, without its secrets', async () => {
    const { stdout, stderr } = await cli.run(['traces', trace, '--curl']);
    assert.match(stdout, /^curl -X POST http:\/\/127\.0\.0\.1:\d+\/counts .*--data-binary '\{"n": 1\}'\n$/);
    assert.match(stderr, /^note The header X-Api-Key is secret and not recorded: add it with -H$/m);
    assert.equal(`${stdout}${stderr}`.includes('secret-of-the-client'), false);
  });

  it('sends a request again and shows both answers, in tables that fit 60 columns', async () => {
    const { code, stdout, stderr } = await cli.run(['replay', trace]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`^ +STATUS +DURATION\n${trace}\nbefore  200 OK +\\S+ ms\n[0-9a-f]{32}\nnow     200 OK +\\S+ ms\n`),
    );
    assert.match(stdout, /^DIFFERENCE +BEFORE +NOW\nbody\.count +1 +3\n$/m);
    assert.match(stderr, /^note The header X-Api-Key .* left out$/m);
    assert.ok(stdout.split('\n').every((line) => line.length <= 60));
    const [fixed] = await newest('fixed');
    assert.match((await cli.run(['replay', fixed?.trace ?? ''])).stdout, /^The answers are the same$/m);
    const failing = await cli.run(['replay', (await newest('--status', '404'))[0]?.trace ?? '']);
    assert.equal(failing.code, 4);
  });

  it('sends what an editor made of the request', async () => {
    const editor = path.join(cli.dir, 'editor');
    const edit = async (code: string): Promise<CliResult> => {
      await writeFile(
        editor,
        `#!${process.execPath}\nconst fs = require('node:fs');\nconst file = process.argv[3];\n${code}\n`,
      );
      await chmod(editor, 0o700);
      return cli.run(['replay', trace, '--edit', '--json'], { env: { VISUAL: `${editor} --wait` } });
    };
    const change =
      'const r = JSON.parse(fs.readFileSync(file)); r.body.n = 2; fs.writeFileSync(file, JSON.stringify(r));';
    const { after: answer, notes } = json<ReplayView>(await edit(change));
    assert.equal(JSON.parse(answer.body).text, '{"n":2}');
    assert.equal(notes.length, 1);
    assert.equal(JSON.parse(json<ReplayView>(await edit('')).after.body).text, '{"n": 1}');
    for (const bad of [
      "fs.writeFileSync(file, '{')",
      'fs.writeFileSync(file, \'{"metod": "GET"}\')',
      'process.exit(1)',
    ]) {
      const { code, stderr } = await edit(bad);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /Nothing was sent/);
    }
    const { code, stderr } = await cli.run(['replay', trace, '--edit'], { env: { VISUAL: '', EDITOR: '' } });
    assert.deepEqual([code, /Set EDITOR/.test(stderr)], [2, true]);
  });

  it('says why a request cannot be sent again', async () => {
    const wrong = await cli.run(['replay', 'not-hex']);
    assert.equal(wrong.code, 2);
    const { code, stderr } = await cli.run(['replay', 'f'.repeat(32)]);
    assert.deepEqual([code, /No trace is recorded/.test(stderr)], [1, true]);
    const span = await cli.run(['replay', trace, '--span', '0'.repeat(16)]);
    assert.deepEqual([span.code, /has no span '0{16}'/.test(span.stderr)], [1, true]);
  });
});
