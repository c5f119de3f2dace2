import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { curlCommand } from '../../src/shared/curlCommand.ts';
import type { RecordedRequest } from '../../src/shared/traceApi.ts';
import { temporaryFolder } from '../support/folder.ts';

const request = (more: Partial<RecordedRequest>): RecordedRequest => ({
  method: 'POST',
  path: '/',
  headers: {},
  body: '',
  encoding: 'utf8',
  size: 0,
  truncated: false,
  ...more,
});

const command = (more: Partial<RecordedRequest>): string => curlCommand('http://h:1', 'a', request(more)).command;

describe('a recorded request as a curl command', () => {
  it('has method, address, headers and body', () => {
    assert.equal(command({}), 'curl -X POST http://h:1/a');
    assert.equal(command({ method: 'GET' }), 'curl -X GET http://h:1/a/');
    assert.equal(command({ method: 'HEAD', path: '/x?a=1&b' }), "curl --head 'http://h:1/a/x?a=1&b'");
    assert.equal(
      command({
        headers: { Host: 'x', 'Content-Type': 'text/plain', 'X-A': ['1', ''], 'Content-Length': '2' },
        body: "it's",
      }),
      "curl -X POST http://h:1/a -H 'Content-Type: text/plain' -H 'X-A: 1' -H 'X-A;' --data-binary 'it'\\''s'",
    );
  });

  it('says what is missing', () => {
    const headers = { Authorization: '***' };
    const { notes } = curlCommand(
      'http://h',
      'a',
      request({ headers, path: '/?token=***', truncated: true, body: 'x' }),
    );
    assert.equal(notes.length, 3);
    assert.match(notes.join('\n'), /Authorization is secret.*add it with -H\n.*path.*\nOnly the first 64 KiB/);
  });

  it('gives the body to curl byte by byte, also what a shell or a terminal would act on', async (t) => {
    const dir = await temporaryFolder(t, {
      curl: '#!/bin/sh\nfor last; do :; done\nif [ "$last" = @- ]; then cat; else printf %s "$last"; fi\n',
    });
    await chmod(path.join(dir, 'curl'), 0o700);
    const env = { ...process.env, PATH: `${dir}:${process.env['PATH']}` };
    const sent = async (more: Partial<RecordedRequest>): Promise<Buffer> => {
      const { stdout } = await promisify(execFile)('bash', ['-c', command(more)], { env, encoding: 'buffer' });
      return stdout;
    };
    for (const body of ['@/etc/passwd', '\'$(id)` \\ "', 'two\nlines\ttab', "bell\x07 \x1b[31m \\ é\u0085'", '-d x'])
      assert.equal(String(await sent({ body })), body);
    const bytes = Buffer.from([0, 255, 10, 39]);
    assert.deepEqual(await sent({ body: bytes.toString('base64'), encoding: 'base64' }), bytes);
    assert.equal(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(command({ body: '\x07\x1b\u0085' })), false);
  });
});
