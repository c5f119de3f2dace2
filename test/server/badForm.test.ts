import '../support/confined.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sendRaw } from '../support/rawHttp.ts';
import { multipart } from '../support/server.ts';
import { saying } from '../support/tasks.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { zipBytes } from '../support/zipBytes.ts';

const whole = zipBytes(
  Object.entries(saying('x') as Record<string, string>).map(([name, content]) => ({ name, content })),
);

describe('an upload that is refused', () => {
  it('for its form, is told what to send', async (t) => {
    const attacked = await AttackedServer.start(t);
    const form = multipart(whole);
    const wrong = multipart(whole, 'file');
    const twice = Buffer.concat([form.body.subarray(0, form.body.lastIndexOf('------')), form.body]);
    const type = { 'Content-Type': String(form.headers['Content-Type']) };
    const boundary = form.body.subarray(0, form.body.indexOf('\r\n'));
    const field = Buffer.concat([
      boundary,
      Buffer.from('\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n'),
    ]);
    const cases: [
      what: string,
      headers: Record<string, string>,
      body: Buffer | string,
      status: number,
      message: RegExp,
    ][] = [
      ['cut short in the file', type, form.body.subarray(0, 300), 400, /upload is incomplete/],
      ['cut short in a head', type, form.body.subarray(0, 60), 400, /upload is incomplete/],
      ['cut short in a file of another field', type, wrong.body.subarray(0, 300), 400, /upload is incomplete/],
      ['empty', type, '', 400, /upload is incomplete/],
      ['another field', type, wrong.body, 422, /no file in the field 'zip_file' \(it has file\)/],
      [
        'many fields',
        type,
        Buffer.concat([...Array(11).fill(field), form.body]),
        400,
        /more than 11 parts: send one zip/,
      ],
      ['two files', type, twice, 400, /more than one file: send one zip/],
      [
        'no boundary',
        { 'Content-Type': 'multipart/form-data' },
        form.body,
        400,
        /Content-Type is malformed: .*[Bb]oundary/,
      ],
      [
        'another boundary',
        { 'Content-Type': 'multipart/form-data; boundary=other' },
        form.body,
        400,
        /upload is incomplete/,
      ],
      [
        'a zip without a form',
        { 'Content-Type': 'application/zip' },
        whole,
        422,
        /multipart\/form-data.*curl -X PUT -F zip_file=@task\.zip.*application\/zip/,
      ],
      ['no type', {}, whole, 422, /the Content-Type of this request is missing/],
    ];
    for (const [what, headers, body, status, message] of cases) {
      const answer = await attacked.server.request('/evil', { method: 'PUT', headers, body });
      assert.deepEqual(
        [answer.status, message.test(answer.text)],
        [status, true],
        `${what}: ${answer.status} ${answer.text}`,
      );
      await attacked.assertUnharmed(what);
    }
    // On a connection of its own: this client never sends what it promised.
    const promised =
      'PUT /evil HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ' +
      `${type['Content-Type']}\r\nContent-Length: ${300 * 1024 ** 2}\r\n\r\n`;
    const answer = await sendRaw(attacked.server.url, promised);
    assert.deepEqual([answer.status, /larger than 256 MiB/.test(answer.body)], [413, true], answer.body);
    await attacked.assertUnharmed('too large, as it says');
  });

  it('for its size, which it does not tell, is answered while it streams', async (t) => {
    const attacked = await AttackedServer.start(t);
    const { headers, body } = multipart(Buffer.alloc(257 * 1024 ** 2));
    const head =
      'PUT /evil HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ' +
      `${headers['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await sendRaw(
      attacked.server.url,
      Buffer.concat([Buffer.from(`${head}${body.length.toString(16)}\r\n`), body]),
    );
    assert.deepEqual([answer.status, /larger than 256 MiB/.test(answer.body)], [413, true], answer.body);
    await attacked.assertUnharmed('too large');
  });
});
