import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Answer } from '../../../../src/extension/invoke/answer.ts';
import { inFolder, setSetting, until, writeFiles } from '../workspace.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const MAIN = `
const { existsSync, writeFileSync } = require('node:fs');
const answer = (context, type, body, status = 200) => context.callback(new context.Response(body, {}, type, status));
exports.handler = (context, event) => {
  switch (event.path) {
    case '/large': return answer(context, 'text/plain', 'x'.repeat(5 * 1024 * 1024));
    case '/page': return answer(context, 'text/html', '<p>Hello</p>');
    case '/picture': return context.callback(new context.Response('${PNG}', {}, 'image/png', 200, 'base64'));
    case '/nothing': return answer(context, 'text/plain', '');
    case '/none': return answer(context, 'application/json', '{"no":"such order"}', 404);
    case '/wait': {
      const { begun, release } = JSON.parse(event.body);
      writeFileSync(begun, '');
      const look = () => (existsSync(release) ? context.callback('released') : setTimeout(look, 20));
      return look();
    }
    default: {
      const { method, path, headers, fields, body } = event;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const hex = (Buffer.isBuffer(body) ? body : Buffer.from(text)).toString('hex');
      const [type, customer] = [headers['Content-Type'], headers['X-Customer']];
      return context.callback({ method, path, type, customer, fields, hex });
    }
  }
};
`;

/** What the handler says of the event that it got. */
interface Echo {
  method: string;
  path: string;
  type?: string;
  customer?: string;
  fields: Record<string, string>;
  hex: string;
}

const payload = (name: string): vscode.Uri => inFolder('.fusionizer', 'payloads', 'echo', name);
const run = async (command: string, ...args: unknown[]): Promise<Answer | undefined> =>
  vscode.commands.executeCommand(`fusionizer.${command}`, ...args);
const document = (): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/Answer of echo');
const shown = (what: RegExp): Promise<boolean> =>
  until(`${what} in the answer's document`, () => what.test(document()?.getText() ?? ''));

async function lenses(): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document()?.uri,
    100,
  );
  return found.map(({ command }) => command?.title).join(' | ');
}

/** Writes a payload document and sends it as it lies on the disk. */
async function send(name: string, content: string | Uint8Array): Promise<Answer | undefined> {
  await vscode.workspace.fs.writeFile(payload(name), Buffer.from(content));
  return run('payload.send', payload(name));
}

const echoOf = (answer: Answer | undefined): Echo => JSON.parse(Buffer.from(answer?.body ?? '').toString());
const hexOf = (text: string): string => Buffer.from(text).toString('hex');

describe('answers', () => {
  before(async () => {
    await setSetting('deploy.showSuccess', false);
    await writeFiles({
      'echo/function.yaml': 'spec:\n  runtime: nodejs\n  handler: main:handler\n',
      'echo/main.js': MAIN,
    });
    await run('task.deploy', inFolder('echo'));
  });

  after(async () => {
    await setSetting('deploy.showSuccess', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['echo', '.fusionizer']) await rm(inFolder(name).fsPath, { recursive: true, force: true });
  });

  it('come for what the head of a payload says, and its comments are not sent', async () => {
    const text =
      '// a note\n// put /orders/7 of you?dry=1&dry=2\n// X-Customer: 42\n// // X-Customer: 43\n\n{\n' +
      '  "amount": 3, // pieces\n}\n';
    const { method, path, type, customer, fields, hex } = echoOf(await send('order.json', text));
    assert.deepEqual(
      [method, path, type, customer, fields],
      ['PUT', '/orders/7 of you', 'application/json', '42', { dry: '2' }],
    );
    assert.deepEqual(JSON.parse(Buffer.from(hex, 'hex').toString()), { amount: 3 });
  });

  it('come for a text with a head, and for one without', async () => {
    const { method, path, type, hex } = echoOf(
      await send('note.txt', '# PATCH /notes\n# X-Customer: 1\n\n# Title\n\nüber\n'),
    );
    assert.deepEqual(
      [method, path, type, hex],
      ['PATCH', '/notes', 'text/plain; charset=utf-8', hexOf('# Title\n\nüber\n')],
    );
    assert.equal(echoOf(await send('note.txt', '# Title\n\nüber\n')).hex, hexOf('# Title\n\nüber\n'));
  });

  it('come for bytes, from a .bin and from any file, as they are', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 35, 32, 80, 79, 83, 84]);
    const sent = echoOf(await send('raw.bin', bytes));
    assert.deepEqual([sent.hex, sent.type], [bytes.toString('hex'), 'application/octet-stream']);
    await vscode.workspace.fs.writeFile(inFolder('echo', 'picture.png'), Buffer.from(PNG, 'base64'));
    const file = echoOf(await run('payload.sendFile', inFolder('echo', 'picture.png')));
    assert.equal(file.hex, Buffer.from(PNG, 'base64').toString('hex'));
    await rm(inFolder('echo', 'picture.png').fsPath);
  });

  it('come for no body at all', async () => {
    const { method, path, hex } = echoOf(await send('get.json', '// GET /orders\n\n'));
    assert.deepEqual([method, path, hex], ['GET', '/orders', '']);
  });

  it('of 404 are shown like others, with their status first', async () => {
    assert.equal((await send('go.json', '// POST /none\n\n{}'))?.status, 404);
    await shown(/^\{\n {2}"no": "such order"\n\}$/);
    assert.equal(document()?.languageId, 'fusionizer-json');
    assert.match(await lenses(), /^404 Not Found/);
  });

  it('that are HTML are shown as such', async () => {
    await send('go.json', '// POST /page\n\n{}');
    await shown(/^<p>Hello<\/p>$/);
    assert.equal(document()?.languageId, 'fusionizer-html');
  });

  it('of bytes are a hex dump', async () => {
    await send('go.json', '// POST /picture\n\n{}');
    await shown(/^offset .*\|ASCII\|\n00000000 {2}89 50 4e 47 0d 0a 1a 0a .*\|\.PNG/);
    assert.equal(document()?.languageId, 'fusionizer-table');
    await until('what can be done with it', async () => /^200 OK .*Preview/.test(await lenses()));
  });

  it('without a body are an empty document, which says so above it', async () => {
    const answer = await send('go.json', '// POST /nothing\n\n{}');
    assert.equal(answer?.body.length, 0);
    await shown(/^$/);
    assert.match(await lenses(), /^200 OK/);
  });

  it('of 5 MiB are cut where editors grow slow', async () => {
    const answer = await send('go.json', '// POST /large\n\n{}');
    assert.equal(answer?.body.length, 5 * 1024 * 1024);
    await shown(/x\n\.\.\. and 1(\.0)? MiB more: save the answer to see all of it\.$/);
    assert.match(await lenses(), /^200 OK/);
  });

  describe('that are waited for', () => {
    const begun = inFolder('echo.begun');
    const release = inFolder('echo.release');
    const body = JSON.stringify({ begun: begun.fsPath, release: release.fsPath });

    /** Begins an invocation whose handler answers when `release` is there. */
    async function wait(): Promise<{ answer: Promise<Answer | undefined> }> {
      const answer = send('wait.json', `// POST /wait\n\n${body}`);
      await until('the handler to run', () => existsSync(begun.fsPath));
      return { answer };
    }

    after(async () => {
      for (const { fsPath } of [begun, release]) await rm(fsPath, { force: true });
    });

    it('come though the Task is deleted meanwhile; the next one is told that it is not deployed', async () => {
      const { answer } = await wait();
      await run('task.copyAddress', { task: 'echo' });
      const address = await vscode.env.clipboard.readText();
      assert.equal((await fetch(address, { method: 'DELETE' })).status, 200);
      await vscode.workspace.fs.writeFile(release, Buffer.from(''));
      assert.equal((await answer)?.status, 200);
      await shown(/^released$/);
      assert.equal(await send('go.json', '{}'), undefined);
      await run('task.deploy', inFolder('echo'));
      assert.equal((await send('go.json', '{}'))?.status, 200);
    });

    it('end with the server, and the document says why', async () => {
      for (const { fsPath } of [begun, release]) await rm(fsPath, { force: true });
      const { answer } = await wait();
      await run('server.stop');
      assert.equal((await answer)?.status, 500);
      await shown(/^The event was cut off before it ended: the server is closing/);
      assert.equal((await send('go.json', '{}'))?.status, 200, 'the server is started again');
    });
  });
});
