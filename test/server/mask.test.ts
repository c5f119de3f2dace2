import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recordMask, textMask } from '../../src/secrets/mask.ts';
import type { LogRecord, Operation } from '../../src/shared/api.ts';
import { TestServer } from '../support/server.ts';
import { functionYaml } from '../support/tasks.ts';
import { until } from '../support/until.ts';

const LOGGER = `
import os

def handler(context, event):
    context.logger.info_with("message has " + os.environ["DB_PASSWORD"], nested={"list": [os.environ["MAILBOX"]]})
    print("printed", os.environ["DB_PASSWORD"], os.environ["PLAIN"], flush=True)
    context.logger.info("token " + os.environ.get("FUSIONIZER_TOKEN", "none") + " " + event.body.decode())
    context.logger.info("end")
`;

const ENV = `  env:
    - {name: DB_PASSWORD, value: "correct horse"}
    - {name: MAILBOX, valueFrom: {secretKeyRef: {name: mail, key: box}}}
    - {name: PLAIN, value: in the open}
`;

describe('logs', () => {
  it('hold no secret variable, function token or admin token, whichever way the Task says it', async (t) => {
    const records: LogRecord[] = [];
    const server = await TestServer.start(t, { auth: 'always', log: (record) => records.push(record) });
    const token = (await readFile(path.join(server.state, 'token'), 'utf8')).trim();
    const admin = { Authorization: `Bearer ${token}` };
    const files = {
      'function.yaml': functionYaml('python', ENV),
      'main.py': LOGGER,
      '.env': 'MAILBOX=someone-else@example\n',
    };
    assert.equal((await server.put('a', files, admin)).status, 200);
    await server.request('/a', { method: 'POST', headers: admin, body: token });
    await until(
      'the logged and the printed lines',
      () =>
        records.some((record) => record.message === 'end') &&
        records.some((record) => record.message.startsWith('printed')),
    );
    const said = JSON.stringify(records) + (await server.request('/-/tasks/a/logs', { headers: admin })).text;
    for (const secret of ['correct horse', 'someone-else@example', token])
      assert.ok(!said.includes(secret), `${secret} is in ${said}`);
    assert.match(said, /message has \*\*\*/);
    assert.match(said, /"list":\["\*\*\*"\]/);
    assert.match(said, /printed \*\*\* in the open/);
    assert.match(said, /token \*\*\* \*\*\*/);
  });

  it('are no way around: an error at the start is masked too, in the answer and everywhere else', async (t) => {
    const server = await TestServer.start(t);
    const code =
      'import os\nprint("printed", os.environ["DB_PASSWORD"])\nraise ValueError("no " + os.environ["DB_PASSWORD"])\n';
    const answer = await server.put('a', {
      'function.yaml': functionYaml('python', ENV),
      'main.py': code,
      '.env': 'MAILBOX=someone@example\n',
    });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /ValueError: no \*\*\*/);
  });

  it('of a build hold no password of a package index', async (t) => {
    const server = await TestServer.start(t);
    const yaml = functionYaml(
      'nodejs',
      '  build:\n    commands:\n      - echo from https://me:hunter2@packages.example/simple && exit 3\n',
    );
    const id = '11111111-2222-4333-8444-555555555555';
    const answer = await server.put('a', { 'function.yaml': yaml, 'main.js': '' }, { 'Fusionizer-Operation': id });
    assert.equal(answer.status, 422);
    const operation = (await server.request(`/-/operations/${id}`)).json<Operation>();
    assert.match(operation.log.join('\n'), /https:\/\/\*\*\*@packages\.example/);
    assert.ok(!JSON.stringify([operation, answer.text]).includes('hunter2'));
  });

  it('of a build hold no admin token, no secret of the server or the Task, whatever the commands print', async (t) => {
    process.env['MASK_TEST_SIGNING_KEY'] = 'signed "twice"';
    t.after(() => delete process.env['MASK_TEST_SIGNING_KEY']);
    const server = await TestServer.start(t);
    const file = path.join(server.state, 'token');
    const token = (await readFile(file, 'utf8')).trim();
    const commands = [
      `cat ${file}`,
      'echo $MASK_TEST_SIGNING_KEY',
      'node -p "JSON.stringify(process.env)"',
      'echo correct horse',
      'echo its-own-pass; exit 3',
    ];
    const spec = `${ENV}  build:\n    commands:\n${commands.map((command) => `      - ${JSON.stringify(command)}\n`).join('')}`;
    const id = '11111111-2222-4333-8444-555555555556';
    const files = {
      'function.yaml': functionYaml('nodejs', spec),
      'main.js': '',
      '.env': 'MAILBOX=someone@example\nSMTP_PASS=its-own-pass\nPLAIN=correct\n',
    };
    const answer = await server.put('a', files, { 'Fusionizer-Operation': id });
    assert.equal(answer.status, 422);
    const operation = (await server.request(`/-/operations/${id}`)).json<Operation>();
    const said = [operation.log.join('\n'), operation.error?.detail, answer.text].join('\n');
    for (const secret of [token, 'twice', 'correct horse', 'its-own-pass'])
      assert.ok(!said.includes(secret), `${secret} is in ${said}`);
    assert.match(said, /"MASK_TEST_SIGNING_KEY":"\*\*\*"/);
    assert.match(answer.text, /echo \*\*\*; exit 3.*exit status 3.*\*\*\*/);
  });

  it('hold no part of a secret where lines and records are cut, or a worker ends', async (t) => {
    const records: LogRecord[] = [];
    const server = await TestServer.start(t, { log: (record) => records.push(record) });
    const key = `-----BEGIN PRIVATE KEY-----\n${'Qx9+'.repeat(16)}\n${'Zk7/'.repeat(16)}\n-----END PRIVATE KEY-----\n`;
    const code = `
const key = process.env.KEY;
exports.handler = (context, event) => {
  const last = key.split('\\n')[1];
  context.logger.infoWith('short ' + last, { [key]: 1 });
  if (event.path === '/short') return context.callback('ok');
  context.logger.info('l'.repeat(16 * 1024 - 20) + key + 'l'.repeat(70000));
  process.stdout.write('p'.repeat(16 * 1024 - 20) + last + 'p'.repeat(70000) + '\\n');
  console.log(key);
  process.stderr.write('e'.repeat(480) + last + '\\n', () => process.exit(3));
};
`;
    const spec = '  env:\n    - {name: KEY, valueFrom: {secretKeyRef: {name: tls, key: key}}}\n';
    await server.deploy('a', {
      'function.yaml': functionYaml('nodejs', spec),
      'main.js': code,
      '.env': `KEY="${key}"\n`,
    });
    const answer = await server.request('/a/short', { method: 'POST', headers: { 'X-Nuclio-Log-Level': 'debug' } });
    assert.match(String(answer.headers['x-nuclio-logs']), /short \*\*\*/);
    const died = await server.request('/a/die', { method: 'POST' });
    await until('the last words of the worker', () => records.some((record) => record.message.includes('eeee')));
    const said = JSON.stringify([records, answer.headers, died.text, await server.task('a')]);
    for (const part of ['Qx9+', 'Zk7/']) assert.ok(!said.includes(part), `${part} is in what was said`);
    assert.match(said, /short \*\*\*","with":\{"\*\*\*":1\}/);
    assert.match(said, /l{16000,}\*{0,3}\.\.\. \(cut/);
    assert.match(said, /p{16000,}\*{1,3}/);
  });

  it('are masked however a secret is nested, and are the same object where they hold none', () => {
    const secret = fc.string({ minLength: 6, maxLength: 12 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), fc.jsonValue({ maxDepth: 4 }), (hidden, before, after, other) => {
        fc.pre(!JSON.stringify(other).includes('@') && !before.concat(after).includes('@') && !hidden.includes('@'));
        const mask = recordMask([hidden]);
        const masked = mask({ message: before + hidden + after, with: { deep: [{ text: hidden + after }], other } });
        assert.ok(!masked.message.includes(hidden) || before.concat('***', after).includes(hidden));
        assert.deepEqual(masked.with['deep'], [{ text: textMask([hidden])(hidden + after) }]);
        const plain = { message: 'no', with: { none: [1, { two: 'x' }] } };
        assert.equal(mask(plain), plain);
      }),
    );
  });
});
