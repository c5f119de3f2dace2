import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePayload } from '../../../src/client/payload/payloadDocument.ts';
import { documentInvocation } from '../../../src/client/payload/toInvocation.ts';
import { recordedAnswerText } from '../../../src/extension/traces/recordedAnswerText.ts';
import { recordedPayload } from '../../../src/extension/traces/recordedPayload.ts';
import { replayText } from '../../../src/extension/traces/replayText.ts';
import { curlCommand } from '../../../src/shared/curlCommand.ts';
import type { RecordedAnswer, RecordedRequest, ReplayView } from '../../../src/shared/traceApi.ts';

const request = (fields: Partial<RecordedRequest> = {}): RecordedRequest => ({
  method: 'PUT',
  path: '/orders?dry=1',
  headers: { Host: 'localhost:8000', 'Content-Type': 'application/json', 'X-Customer': ['7', '8'] },
  body: '{"amount": 3}',
  encoding: 'utf8',
  size: 13,
  truncated: false,
  ...fields,
});
const answer = (fields: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', Date: 'now' },
  body: '{"total":3}',
  encoding: 'utf8',
  size: 11,
  truncated: false,
  ...fields,
});

describe('a recorded request as a payload', () => {
  it('is read as the same request, without the headers of the connection', () => {
    const { ending, content, notes } = recordedPayload(request());
    assert.deepEqual([ending, notes], ['.json', []]);
    assert.deepEqual(parsePayload(content.toString(), '//'), {
      method: 'PUT',
      path: '/orders?dry=1',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Customer', '7'],
        ['X-Customer', '8'],
      ],
      body: '{"amount": 3}',
    });
    const sent = documentInvocation(`a${ending}`, content.toString());
    assert.equal(sent.headers['X-Customer'], '7, 8');
  });

  it('is a text document if its body is no JSON, and bytes if it is no text', () => {
    const text = recordedPayload(request({ body: '# a heading', headers: {} }));
    assert.equal(text.ending, '.txt');
    assert.equal(documentInvocation('a.txt', text.content.toString()).body.toString(), '# a heading');
    const bytes = recordedPayload(request({ body: '/wA=', encoding: 'base64' }));
    assert.deepEqual([bytes.ending, [...bytes.content]], ['.bin', [255, 0]]);
    assert.match(bytes.notes.join(), /without the recorded headers/);
  });

  it('says what is secret or missing', () => {
    const { content, notes } = recordedPayload(
      request({ headers: { Authorization: '***' }, body: '{"key": "***"}', truncated: true, path: '/a?token=***' }),
    );
    assert.doesNotMatch(content.toString(), /Authorization/);
    assert.equal(notes.length, 4);
    assert.match(notes.join(' '), /first 64 KiB.*Authorization is secret.*path.*body has \*\*\*/);
  });

  it('is a command for a shell', () => {
    const { command, notes } = curlCommand('http://127.0.0.1:8000', 'taska', request());
    assert.equal(
      command,
      "curl -X PUT 'http://127.0.0.1:8000/taska/orders?dry=1' -H 'Content-Type: application/json' " +
        `-H 'X-Customer: 7' -H 'X-Customer: 8' --data-binary '{"amount": 3}'`,
    );
    assert.deepEqual(notes, []);
  });
});

describe('a recorded answer as a text', () => {
  it('has status, headers and indented JSON, but nothing that differs each time', () => {
    assert.equal(recordedAnswerText(answer()), '200 OK\ncontent-type: application/json\n\n{\n  "total": 3\n}');
  });

  it('says what is left out', () => {
    const text = recordedAnswerText(answer({ body: 'abc', truncated: true, size: 70_000, status: 599 }));
    assert.match(text, /^599\n[\s\S]*\nabc\n\.\.\. the first 64 KiB of 68\.4 KiB$/);
    assert.match(recordedAnswerText(answer({ body: '/wA=', encoding: 'base64' })), /\nbase64: \/wA=$/);
  });
});

describe('the message after a replay', () => {
  const view = (fields: Partial<ReplayView>): ReplayView => ({
    trace: 't2',
    replayOf: { trace: 't1', span: 's1' },
    request: request(),
    before: answer(),
    after: answer(),
    durations: { before: 12, after: 10 },
    same: true,
    differences: [],
    notes: [],
    ...fields,
  });

  it('says whether the answers are the same, and where they differ', () => {
    assert.equal(
      replayText('taska', view({})),
      'taska gave the same answer: 200 OK in 10.0 ms, before 200 OK in 12.0 ms.',
    );
    const differences = ['status', 'header:content-type', 'body.a', 'body.b'].map((what) => ({
      what,
      before: null,
      after: null,
    }));
    assert.match(
      replayText('taska', view({ same: false, differences, after: answer({ status: 404 }) })),
      /another answer: 404 Not Found in .*\. It differs in status, header content-type, body\.a and 1 more\.$/,
    );
  });

  it('says what was not sent or compared', () => {
    assert.equal(
      replayText('taska', view({ before: null, same: false, notes: ['The header Cookie was left out'] })),
      'taska answered 200 OK in 10.0 ms. The header Cookie was left out.',
    );
  });
});
