import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer, AnswerDetails, AnswerPart } from '../../../src/extension/invoke/answer.ts';
import { countCalls } from '../../../src/extension/invoke/answer.ts';
import { followDetails } from '../../../src/extension/invoke/answerDetails.ts';
import { answerText } from '../../../src/extension/invoke/answerText.ts';
import { answerEnding, fileEnding } from '../../../src/extension/invoke/fileEnding.ts';
import type { LogRecord, TraceRecord } from '../../../src/shared/api.ts';

function answer(body: string | Uint8Array, type?: string, details?: AnswerDetails): Answer {
  const headers = type === undefined ? {} : { 'content-type': type };
  const bytes = Buffer.from(typeof body === 'string' ? Buffer.from(body) : body);
  return {
    task: 'taska',
    source: { kind: 'empty' },
    request: 'r',
    method: 'POST',
    path: '/x',
    status: 200,
    statusText: 'OK',
    headers,
    body: bytes,
    trace: 't',
    at: 0,
    duration: 1,
    details,
  };
}
const shown = (body: string | Uint8Array, type?: string, part: AnswerPart = 'body'): [string, string] => {
  const { text, language } = answerText(answer(body, type), part);
  return [text, language];
};
const span = (fields: Partial<TraceRecord>): TraceRecord => ({
  trace: 't',
  span: '1',
  parent: null,
  caller: null,
  callee: 'taska',
  local: false,
  start: 1000,
  duration: 10,
  status: 200,
  cold: false,
  group: ['taska'],
  ...fields,
});
const said = (fields: Partial<LogRecord>): LogRecord => ({
  time: 1005,
  level: 'info',
  message: 'm',
  with: {},
  task: 'taska',
  function: 'f',
  trace: 't',
  stream: 'log',
  ...fields,
});

describe('the text of an answer', () => {
  it('is in the language of its content type', () => {
    assert.deepEqual(shown('<a/>', 'application/atom+xml'), ['<a/>', 'fusionizer-xml']);
    assert.deepEqual(shown('<p>', 'text/html; charset=utf-8'), ['<p>', 'fusionizer-html']);
    assert.deepEqual(shown('a', 'text/plain'), ['a', 'fusionizer-text']);
    assert.deepEqual(shown('{"a":1}\n{"a":2}\n', 'application/x-ndjson'), ['{"a":1}\n{"a":2}\n', 'fusionizer-jsonl']);
    assert.deepEqual(shown(''), ['', 'fusionizer-text']);
  });

  it('is indented where it is JSON on one line', () => {
    assert.deepEqual(shown('{"a":1e400}', 'application/json'), ['{\n  "a": 1e400\n}', 'fusionizer-json']);
    assert.deepEqual(shown('{"a":1}', 'application/problem+json'), ['{\n  "a": 1\n}', 'fusionizer-json']);
    assert.deepEqual(shown('[1]', 'text/plain'), ['[\n  1\n]', 'fusionizer-json']);
    assert.deepEqual(shown('{"a":1}', 'application/json', 'raw'), ['{"a":1}', 'fusionizer-json']);
    assert.deepEqual(shown('{\n"a":1}', 'application/json'), ['{\n"a":1}', 'fusionizer-json']);
    assert.deepEqual(shown('{"a":', 'application/json'), ['{"a":', 'fusionizer-json']);
    assert.deepEqual(shown('[not json]', 'text/plain'), ['[not json]', 'fusionizer-text']);
  });

  it('is in the character set of its content type', () => {
    assert.deepEqual(shown(Buffer.from('grün', 'latin1'), 'text/plain; charset=iso-8859-1'), [
      'grün',
      'fusionizer-text',
    ]);
    assert.deepEqual(shown('x', 'text/plain; charset=unheard-of')[0].slice(0, 8), 'offset  ');
  });

  it('is a hex dump where it is no text', () => {
    const { text, changed, left } = answerText(
      answer(Uint8Array.from({ length: 20 }, (_, index) => index * 13)),
      'body',
    );
    assert.equal(
      text,
      'offset    00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |ASCII|\n' +
        "00000000  00 0d 1a 27 34 41 4e 5b  68 75 82 8f 9c a9 b6 c3  |...'4AN[hu......|\n" +
        '00000010  d0 dd ea f7                                       |....|',
    );
    assert.deepEqual([changed, left], [true, 0]);
    assert.equal(answerText(answer(new Uint8Array(100_000)), 'body').left, 100_000 - 65_536);
  });

  it('is cut where it is too long for an editor, between characters', () => {
    const { text, left } = answerText(answer(`x${'ü'.repeat(3_000_000)}`, 'text/plain'), 'body');
    assert.match(text, /^xü+$/);
    assert.equal(left, 6_000_001 - 4 * 1024 * 1024);
  });

  it('has its headers, its calls with heads, and its logs as parts', () => {
    const details: AnswerDetails = {
      group: ['taska', 'taskb'],
      calls: [
        span({ span: '1', cold: true, group: ['taska', 'taskb'] }),
        span({
          span: '2',
          parent: '1',
          caller: 'taska',
          callee: 'taskb',
          local: true,
          duration: 0.5,
          group: ['taska', 'taskb'],
        }),
        span({ span: '3', parent: '2', caller: 'taskb', callee: 'taskc', status: 500, group: ['taskc'] }),
      ],
      logs: [
        said({ message: 'got it\n', with: { size: 3, who: 'me' } }),
        said({ task: null, stream: 'stderr', message: 'oh', level: 'error' }),
      ],
    };
    const all = answer('', 'text/plain', details);
    // In the time zone of the editor's own logs.
    const time = new Date(1005 - new Date(1005).getTimezoneOffset() * 60_000)
      .toISOString()
      .replace('T', ' ')
      .slice(0, -1);
    assert.equal(answerText(all, 'headers').text, '# POST /x\n# 200 OK\n\ncontent-type: text/plain\n');
    assert.equal(
      answerText(all, 'calls').text,
      'Task       status  time     call    start  Fusion Group\n' +
        'taska      200     10.0 ms          cold   taska + taskb\n' +
        '  taskb    200     0.50 ms  local          taska + taskb\n' +
        '    taskc  500     10.0 ms  remote         taskc\n',
    );
    assert.equal(
      answerText(all, 'logs').text,
      `${time} [info] taska: got it size=3 who=me\n${time} [error] f: [stderr] oh\n`,
    );
    assert.deepEqual(countCalls(details), { local: 1, remote: 1 });
  });

  it('leaves out calls that go round, not those whose caller is unknown', () => {
    const calls = [
      span({ span: '1', parent: '1' }),
      span({ span: '2', parent: '9', callee: 'b' }),
      span({ span: '3', parent: '4' }),
      span({ span: '4', parent: '3' }),
    ];
    assert.equal(
      answerText(answer('', 'text/plain', { group: undefined, calls, logs: [] }), 'calls').text,
      'Task  status  time     call  start  Fusion Group\nb     200     10.0 ms               taska\n',
    );
  });

  it('is saved under the ending of its type', () => {
    assert.deepEqual(
      [
        'application/json',
        'image/png',
        'text/html; charset=utf-8',
        'text/x-unknown',
        undefined,
        'application/octet-stream',
      ].map(fileEnding),
      ['.json', '.png', '.html', '.txt', '.bin', '.bin'],
    );
  });

  it('is saved by what its bytes are, as its preview has it', () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0];
    assert.deepEqual(
      [
        answer(Uint8Array.from(png), 'text/plain'),
        answer('<!doctype html><p>x</p>', 'text/plain'),
        answer('<?xml version="1.0"?>\n<!-- a --><svg xmlns="x"/>', 'image/svg+xml'),
        answer('{"a": 1}', 'application/json'),
        answer('', 'text/html'),
      ].map(answerEnding),
      ['.png', '.html', '.svg', '.json', '.html'],
    );
  });
});

describe('the details of an answer', () => {
  it('come as the server learns of them, and only then', async () => {
    const known = [
      [],
      [span({})],
      [span({})],
      [span({}), span({ span: '2', parent: '1', caller: 'taska', callee: 'taskb', local: true })],
    ];
    let look = 0;
    const client = { traces: async () => known[look++] ?? [], logs: async () => [] };
    const told: number[] = [];
    for await (const { calls } of followDetails(client, 'taska', 't', [0, 0, 0, 0])) told.push(calls.length);
    assert.deepEqual(told, [0, 1, 2]);
  });

  it('hold the logs of all Tasks that took part, and what was printed meanwhile', async () => {
    const print = said({ message: 'printed', task: null, trace: null, stream: 'stdout', time: 1006 });
    const logs: Record<string, LogRecord[]> = {
      taska: [
        said({ message: 'other', trace: 'o' }),
        said({ message: 'a', time: 1007 }),
        print,
        said({ message: 'later', task: null, trace: null, stream: 'stdout', time: 5000 }),
        said({ message: 'platform', trace: null, time: 1006 }),
      ],
      taskb: [said({ message: 'b', task: 'taskb', time: 1001 }), print],
    };
    const client = {
      traces: async () => [span({ span: '2', parent: '1', caller: 'taska', callee: 'taskb', start: 1001 }), span({})],
      logs: async (task: string) => logs[task] ?? [],
    };
    for await (const details of followDetails(client, 'taska', 't', [0])) {
      assert.deepEqual(
        details.logs.map(({ message }) => message),
        ['b', 'printed', 'a'],
      );
      assert.deepEqual(details.group, ['taska']);
    }
  });
});
