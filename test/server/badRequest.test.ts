import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ScheduleView } from '../../src/shared/scheduleApi.ts';
import { temporaryFolder } from '../support/folder.ts';
import { AttackedServer } from '../support/unharmed.ts';
import { until } from '../support/until.ts';

type Case = [
  what: string,
  method: string,
  target: string,
  body: string | Buffer,
  status: number,
  message: RegExp,
  headers?: Record<string, string>,
];

const LARGE = Buffer.alloc(5 * 1024 ** 2, 'x');
const JSON_TYPE = { 'Content-Type': 'application/json' };
const record = {
  trace: 't',
  span: 's',
  parent: null,
  caller: 'a',
  callee: 'b',
  local: true,
  start: 1,
  duration: 1,
  status: 200,
};

const CASES: Case[] = [
  ['no JSON', 'PUT', '/-/setup', '[["a"', 400, /body is not valid JSON: .*position 5/],
  ['nothing', 'PUT', '/-/setup', '', 400, /has no body: send JSON to this address/],
  [
    'an object',
    'PATCH',
    '/-/setup',
    '{}',
    400,
    /a Fusion Setup is a list of Fusion Groups, e\.g\. \[\["taska", "taskb"\]\]/,
  ],
  ['a number', 'PATCH', '/-/setup', '3', 400, /a Fusion Setup is a list of Fusion Groups/],
  [
    'names without groups',
    'PUT',
    '/-/setup',
    '["a", "b"]',
    400,
    /request is malformed: item 1: a Fusion Group is a list of Task names/,
  ],
  ['an empty group', 'PUT', '/-/setup', '[[]]', 400, /a Fusion Group is empty: name at least one Task/],
  [
    'a name twice',
    'PUT',
    '/-/setup',
    '[["a", "b"], ["a"]]',
    400,
    /^Task 'a' is named twice: a Task belongs to one Fusion Group\n?$/,
  ],
  ['a name twice in a group', 'PATCH', '/-/setup', '[["a", "a"]]', 400, /^Task 'a' is named twice/],
  ['null in a group', 'PUT', '/-/setup', '[[null]]', 400, /request is malformed: item 1: item 1: a Task name is text/],
  ['100,000 brackets', 'PUT', '/-/setup', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 413, /more than 30000/],
  [
    'a revision that is none',
    'PUT',
    '/-/setup',
    '[]',
    400,
    /send the ETag of GET \/-\/setup unchanged/,
    { 'If-Match': 'x' },
  ],
  ['5 MiB for a setup', 'PUT', '/-/setup', LARGE, 413, /body is too large: at most 1 MiB/],
  ['5 MiB for a schedule', 'PUT', '/-/schedule', LARGE, 413, /too large/],
  ['5 MiB for traces', 'POST', '/-/traces', LARGE, 413, /too large/],
  [
    '5 MiB for an invocation',
    'POST',
    '/bystander',
    LARGE,
    400,
    /^Error when parsing request: .* than 4\.0 MiB, the maxRequestBodySize of Task 'bystander'/,
  ],
  ['5 MiB for nobody', 'POST', '/nobody', LARGE, 422, /No Task 'nobody' could be found/],
  [
    'a few bytes that are 1 GiB',
    'PUT',
    '/-/setup',
    gzipSync(Buffer.alloc(64 * 1024 ** 2, '[')),
    413,
    /too large/,
    { 'Content-Encoding': 'gzip' },
  ],
  ['bytes that are not gzip', 'PUT', '/-/setup', 'x', 400, /body cannot be read/, { 'Content-Encoding': 'gzip' }],
  [
    'an encoding that nobody knows',
    'PUT',
    '/-/setup',
    '[]',
    415,
    /unsupported content encoding/,
    { 'Content-Encoding': 'x' },
  ],
  [
    'a charset that nobody knows',
    'PUT',
    '/-/setup',
    '[]',
    415,
    /unsupported charset/i,
    { 'Content-Type': 'application/json; charset=x' },
  ],
  ['a schedule with a field of its own', 'PUT', '/-/schedule', '{"other": 1}', 400, /Unrecognized key.*other/],
  ['a schedule that is a list', 'PUT', '/-/schedule', '[]', 400, /request is malformed/],
  ['an entry that is not there', 'PUT', '/-/schedule', '{"apply": 7}', 404, /no entry for second 7/],
  ['a second below 0', 'PUT', '/-/schedule', '{"entries": {"-1": []}}', 400, /whole seconds from 0/],
  ['half a second', 'PUT', '/-/schedule', '{"entries": {"1.5": []}}', 400, /whole seconds from 0/],
  ['10^10 seconds', 'PUT', '/-/schedule', '{"entries": {"10000000000": []}}', 400, /whole seconds from 0/],
  ['1e3 seconds', 'PUT', '/-/schedule', '{"entries": {"1e3": []}}', 400, /whole seconds from 0/],
  ['NaN seconds', 'PUT', '/-/schedule', '{"entries": {"NaN": []}}', 400, /whole seconds from 0/],
  [
    'a repeated Task in an entry',
    'PUT',
    '/-/schedule',
    '{"entries": {"5": [["a"], ["a"]]}}',
    400,
    /'a' is named twice/,
  ],
  [
    'a second twice',
    'PUT',
    '/-/schedule',
    '{"entries": {"5": [["a"]], "5": [["b"]]}}',
    400,
    /body has the key "5" twice in one object: keep one/,
  ],
  [
    'brackets for a second',
    'PUT',
    '/-/schedule',
    `{"entries": {"5": ${'['.repeat(25_000)}${']'.repeat(25_000)}}}`,
    400,
    /request is malformed/,
  ],
  ['a clock that nobody knows', 'PUT', '/-/schedule', '{"clock": "stop"}', 400, /request is malformed: clock/],
  ['traces that are none', 'POST', '/-/traces', '[{"trace": 1}]', 400, /request is malformed: item 1: trace/],
  ['too many traces', 'POST', '/-/traces', JSON.stringify(Array(1001).fill(record)), 400, /request is malformed/],
  [
    'an operation that is no UUID',
    'DELETE',
    '/bystander',
    '',
    400,
    /Fusionizer-Operation: it has to be a UUID/,
    { 'Fusionizer-Operation': '../x' },
  ],
  [
    'a source that is not encoded',
    'PUT',
    '/evil',
    '',
    400,
    /Fusionizer-Source: it is not a percent-encoded path/,
    { 'Fusionizer-Source': '%zz' },
  ],
  ['a path that is not encoded', 'GET', '/-/tasks/%zz', '', 400, /path cannot be read/],
  ['a level that is none', 'GET', '/-/tasks/bystander/logs?level=loud', '', 400, /request is malformed: level/],
  ['a query key twice', 'GET', '/-/traces?task=a&task=b', '', 400, /request is malformed: task/],
];

describe('a bad request', () => {
  it('is answered with what is wrong, and changes nothing', async (t) => {
    const attacked = await AttackedServer.start(t);
    const before = await attacked.server.setup();
    for (const [what, method, target, body, status, message, headers] of CASES) {
      for (const accept of ['*/*', 'application/json']) {
        const answer = await attacked.server.request(target, {
          method,
          body,
          headers: { ...JSON_TYPE, Accept: accept, ...headers },
        });
        const label = `${what}: ${answer.status} ${answer.text.slice(0, 500)}`;
        assert.equal(answer.status, status, label);
        const problem = answer.headers['content-type'] === 'application/problem+json';
        assert.match(problem ? answer.json<{ detail: string }>().detail : answer.text, message, label);
        if (target !== '/bystander' || method !== 'POST') assert.equal(problem, accept !== '*/*', label);
        assert.ok(!/\bat .*\.ts:\d+/.test(answer.text), label);
      }
      await attacked.assertUnharmed(what);
    }
    assert.deepEqual(await attacked.server.setup(), before);
  });
});

describe('a bad schedule file', () => {
  it('is shown with what is wrong and where; what is in force stays, and the next good one is followed', async (t) => {
    const dir = await temporaryFolder(t, { 'schedule.json': '{"0": [["bystander", "later"]]}' });
    const file = path.join(dir, 'schedule.json');
    const attacked = await AttackedServer.start(t, { schedule: file });
    const view = async (): Promise<ScheduleView> => (await attacked.server.request('/-/schedule')).json<ScheduleView>();
    const cases: [text: string, error: RegExp][] = [
      ['{"0": [["bystander", "la', /is not valid JSON/],
      ['', /is not valid JSON/],
      ['null', /a schedule is an object of seconds and setups/],
      ['{"5": [["a"], ["a"]]}', /schedule\.json:1: entry "5": .*'a' is named twice/],
      ['{\n"5": [["A"]]}', /schedule\.json:2: entry "5": "A" is not a Task name/],
      ['{"-5": []}', /entry "-5".*whole seconds from 0/],
      ['{"0.5": []}', /entry "0\.5".*whole seconds/],
      ['{"99999999999999999999": []}', /whole seconds/],
      ['{"5": [], "5": [["a"]]}', /schedule\.json:1: the entry "5" is there twice: keep one/],
      [`{"5": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /schedule\.json:1: entry "5": .*a Task name is text/],
    ];
    for (const [text, error] of cases) {
      await writeFile(file, text);
      await until('the error of the schedule', async () => error.test((await view()).error ?? ''));
      assert.deepEqual((await view()).entries, [{ second: 0, setup: [['bystander', 'later']] }]);
      await attacked.assertUnharmed(text.slice(0, 40));
    }
    // Unknown Tasks wait, and a time that never comes harms nobody.
    await writeFile(file, '{"0": [["nobody", "bystander"]], "999999999": [["x", "y"]]}');
    await until(
      'the schedule with two entries',
      async () => (await view()).error === null && (await view()).entries.length === 2,
    );
    await until('the unknown Task in the list of waiting ones', async () =>
      (await attacked.server.setup()).waiting.includes('nobody'),
    );
    await attacked.assertUnharmed('unknown Tasks');
  });
});
