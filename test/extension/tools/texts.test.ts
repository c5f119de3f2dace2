import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, parseDefinition, problemLine } from '../../../src/extension/deploy/vscodeTasks/definition.ts';
import { markdownOf } from '../../../src/extension/diagnostics/report.ts';
import { newSchedule } from '../../../src/extension/schedule/newSchedule.ts';
import type { TaskRow } from '../../../src/extension/setup/rows.ts';
import { answerForModel, logsForModel } from '../../../src/extension/tools/texts.ts';
import { progressOf } from '../../../src/extension/walkthrough/progress.ts';
import { nearName } from '../../../src/shared/nearName.ts';
import { parseSchedule } from '../../../src/shared/schedule.ts';
import { taskFixture } from '../../support/views.ts';

const row = (name: string, runtime: string): TaskRow => ({
  kind: 'task',
  key: name,
  name,
  state: 'ready',
  folder: undefined,
  task: taskFixture(name, { runtime }),
  stage: undefined,
  operation: undefined,
  error: undefined,
  changed: false,
  named: 1,
});

test('a near name is found, a far one is not', () => {
  const names = ['runtime', 'handler', 'env', 'build', 'triggers', 'resources'];
  for (const [written, meant] of [
    ['runtme', 'runtime'],
    ['Hanlder', 'handler'],
    ['trigger', 'triggers'],
    ['environment', 'env'],
    ['evn', 'env'],
    ['avatar', undefined],
    ['timeout', undefined],
  ] as const) {
    assert.equal(nearName(written, names), meant, written);
  }
});

test('diagnostics hold no secrets, and no text breaks out of its fence', () => {
  const text = markdownOf(
    {
      versions: { Extension: '0.1.0' },
      server: { Status: 'running' },
      settings: { 'fusionizer.server.url': 'http://me:password@host:8000' },
      tasks: [{ name: 'a|b', state: 'ready', runtime: 'python', version: '1', group: 'a' }],
      errors: [{ of: 'a', message: 'token abcdef123\n```\nend' }],
    },
    ['abcdef123'],
  );
  assert.doesNotMatch(text, /abcdef123|me:password/);
  assert.match(text, /\| a\\\|b \| ready \|/);
  assert.match(text, /````text\ntoken \*\*\*\n```\nend\n````/);
  assert.match(
    markdownOf({ versions: {}, server: {}, settings: {}, tasks: [], errors: [] }, []),
    /#### Tasks\n\n- none/,
  );
});

test('a new schedule is one that servers take, with the Tasks that can be fused', () => {
  const text = newSchedule([row('b', 'python'), row('a', 'python:3.11'), row('x', 'nodejs')]);
  assert.deepEqual(parseSchedule(text, 'schedule'), [
    { second: 0, setup: [] },
    { second: 30, setup: [['a', 'b']] },
  ]);
  assert.equal(parseSchedule(newSchedule([]), 'schedule').length, 2);
});

test('a task of tasks.json names its folder; what fails is a line that the problem matcher finds', () => {
  assert.equal(folderOf(parseDefinition({ type: 'fusionizer', folder: 'a/b' }), '/w'), '/w/a/b');
  assert.throws(() => parseDefinition({ type: 'fusionizer' }), /needs "folder"/);
  assert.equal(problemLine('no module\nTraceback', '/w/a/main.py', 3), '/w/a/main.py:3: error: no module\nTraceback');
  assert.equal(problemLine('no server', undefined, undefined), 'error: no server');
});

test('the walkthrough knows what was done', () => {
  assert.deepEqual(progressOf([{ task: undefined }]), { hasDeployed: false, hasInvoked: false, hasFused: false });
  assert.deepEqual(progressOf([{ task: taskFixture('a', { calls: 1, group: ['a', 'b'] }) }]), {
    hasDeployed: true,
    hasInvoked: true,
    hasFused: true,
  });
});

test('what agents read is bounded, and says what is no text', () => {
  const headers = { 'content-type': 'text/plain' };
  assert.deepEqual(JSON.parse(answerForModel({ status: 500, headers, body: Buffer.from('boom') })), {
    status: 500,
    contentType: 'text/plain',
    body: 'boom',
  });
  assert.match(answerForModel({ status: 200, headers, body: Buffer.from([0xff, 0xfe]) }), /2 bytes that are not text/);
  assert.ok(answerForModel({ status: 200, headers, body: Buffer.alloc(100_000, 'a') }).length < 25_000);
  assert.equal(logsForModel([]), 'The Task has logged nothing.');
  const record = {
    time: 0,
    level: 'info',
    message: 'm',
    with: { a: 1 },
    task: 'a',
    function: null,
    trace: null,
    stream: 'log',
  } as const;
  assert.equal(logsForModel([record]), '1970-01-01T00:00:00.000Z info m {"a":1}');
});
