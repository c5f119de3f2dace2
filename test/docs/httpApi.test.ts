import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CONTROL } from '../../src/server/api/endpoints.ts';
import { eventSchemas } from '../../src/shared/api.ts';
import { STATUS } from '../../src/shared/errors.ts';
import { packageRoot } from '../../src/shared/packageRoot.ts';
import { type Files, multipart, readFiles, TestServer, zip } from '../support/server.ts';

const page = await readFile(path.join(packageRoot(), 'docs', 'http-api.md'), 'utf8');
const OLD_ADDRESS = 'http://127.0.0.1:8000';

/** The curl lines of the page, in order, each as the words of its command. */
const commands = page
  .split('\n')
  .filter((line) => line.startsWith('curl '))
  .map((line) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''));

interface Sent {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
  /** Seconds after which curl gives up. */
  limit: number | undefined;
}

/** What curl would send; only the options that the page uses. */
async function parse([, ...words]: string[]): Promise<Sent> {
  const sent: Sent = { method: 'GET', target: '', headers: {}, body: undefined, limit: undefined };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-i' || word === '-N') continue;
    if (word === '-X') sent.method = words.shift() ?? '';
    else if (word === '-m') sent.limit = Number(words.shift());
    else if (word === '-d') sent.body = words.shift();
    else if (word === '-H') {
      const [name = '', value = ''] = words.shift()?.split(/: (.*)/) ?? [];
      sent.headers[name] = value;
    } else if (word === '-F') {
      const [, task = ''] = /^zip_file=@\/tmp\/(\w+)\.zip$/.exec(words.shift() ?? '') ?? [];
      const form = multipart(
        await zip((await readFiles(path.join(packageRoot(), 'examples', 'hello', task))) as Files),
      );
      Object.assign(sent.headers, form.headers);
      sent.body = form.body;
    } else {
      assert.ok(word.startsWith(OLD_ADDRESS), `an option that is not known here: ${word}`);
      sent.target = word.slice(OLD_ADDRESS.length);
    }
  }
  if (typeof sent.body === 'string')
    sent.headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...sent.headers };
  return sent;
}

describe('docs/http-api.md', () => {
  it('has requests that work when they are pasted in order', async (t) => {
    const server = await TestServer.start(t);
    assert.ok(commands.length > 25);
    for (const command of commands) {
      const { target, limit, ...options } = await parse(command);
      const label = command.join(' ');
      if (limit !== undefined) {
        const controller = new AbortController();
        const answer = await fetch(new URL(target, server.url), {
          headers: options.headers,
          signal: controller.signal,
        });
        assert.equal(answer.status, 200, label);
        if (options.headers['Last-Event-ID']) {
          let text = '';
          for (const reader = answer.body?.getReader(); reader && !text.includes('event:reset'); )
            text += new TextDecoder().decode((await reader.read()).value);
        }
        controller.abort();
        continue;
      }
      const answer = await server.request(target, {
        ...options,
        ...(options.body === undefined ? {} : { body: options.body }),
      } as Parameters<TestServer['request']>[1]);
      const expected = options.headers['If-Match'] ? 412 : target === '/-/traces' ? 204 : 200;
      assert.equal(answer.status, expected, `${label}: ${answer.status} ${answer.text}`);
    }
  });

  it('names every address of the control API', () => {
    for (const { method, path } of CONTROL) {
      const row = page
        .split('\n')
        .find(
          (line) => line.startsWith('| `') && line.includes(path) && line.split('|')[1]?.includes(method.toUpperCase()),
        );
      assert.ok(row, `${method} ${path}`);
    }
  });

  it('names every error code with its status, and every event', () => {
    for (const [code, status] of Object.entries(STATUS)) {
      assert.ok(page.includes(`| \`${code}\` | ${status} |`), code);
    }
    for (const name of Object.keys(eventSchemas)) assert.ok(page.includes(`| \`${name}\` |`), name);
  });
});
