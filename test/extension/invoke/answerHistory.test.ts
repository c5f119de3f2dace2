import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, answerSummary } from '../../../src/extension/invoke/answer.ts';
import { AnswerHistory } from '../../../src/extension/invoke/answerHistory.ts';
import { readKept, writeKept } from '../../../src/extension/invoke/keptAnswers.ts';
import type { PayloadSource } from '../../../src/extension/invoke/recentCalls.ts';
import type { Unanswered } from '../../../src/extension/invoke/unanswered.ts';

const document = (name: string): PayloadSource => ({ kind: 'document', path: `/p/${name}` });
const sent = (name: string) => ({ task: 'order', source: document(name), request: name, method: 'POST', path: '/' });
const answer = (trace: string, name: string, more: Partial<Answer> = {}): Answer => ({
  ...sent(name),
  status: 200,
  statusText: 'OK',
  headers: {},
  body: Buffer.from(trace),
  trace,
  at: 1,
  duration: 12.34,
  details: undefined,
  ...more,
});
const cancelled = (name: string): Unanswered => ({ ...sent(name), duration: 3200, error: undefined });

describe('the answers of a Task', () => {
  it('belong to the payload that was sent', () => {
    const history = new AnswerHistory();
    history.add(answer('1', 'a.json'));
    history.add(cancelled('b.json'));
    assert.equal(history.lastOf('order', document('c.json'), 'c.json'), undefined);
    assert.deepEqual(history.lastOf('order', document('a.json'), 'a.json'), answer('1', 'a.json'));
    assert.deepEqual(history.lastOf('order', document('b.json'), 'b.json'), cancelled('b.json'));
    assert.equal(history.lastOf('other', document('a.json'), 'a.json'), undefined);
    assert.equal(history.lastOf('order', document('a.json'), 'edited'), undefined, 'edited since, or a new one');
    assert.equal(history.newestAnswer('order')?.trace, '1');
  });

  it('are those of a payload until its file is deleted, also when their details come later', () => {
    const history = new AnswerHistory();
    const details = { group: ['order'], calls: [], logs: [] };
    history.add(answer('1', 'a.json'));
    history.add(answer('2', 'b.json'));
    history.forget(document('a.json'));
    history.addDetails(answer('1', 'a.json'), details);
    assert.equal(history.lastOf('order', document('a.json'), 'a.json'), undefined);
    assert.equal(history.lastOf('order', document('b.json'), 'b.json')?.request, 'b.json');
    assert.equal(history.of('order').length, 2, 'the answers stay');
    history.add(answer('3', 'a.json'));
    const last = history.lastOf('order', document('a.json'), 'a.json');
    assert.equal(last && 'trace' in last && last.trace, '3', 'of the new file');
  });

  it('are compared with the one before to the same request', () => {
    const history = new AnswerHistory();
    const all = [answer('1', 'a'), answer('2', 'b'), answer('3', 'a'), answer('4', 'c')];
    for (const one of all) history.add(one);
    const before = all.map((one) => history.before(one)?.trace);
    assert.deepEqual(before, [undefined, undefined, '1', undefined]);
  });

  it('get details as long as they are kept', () => {
    const history = new AnswerHistory();
    const details = { group: ['order'], calls: [], logs: [] };
    history.add(answer('1', 'a'));
    assert.equal(history.addDetails(answer('1', 'a'), details)?.details, details);
    assert.equal(history.newestAnswer('order')?.details, details);
    assert.equal(history.addDetails(answer('9', 'a'), details), undefined);
  });

  it('are limited in number and size, but the newest two stay', () => {
    const history = new AnswerHistory();
    for (let count = 0; count < 30; count++) history.add(answer(String(count), 'a'));
    assert.equal(history.of('order').length, 20);
    for (const trace of ['x', 'y', 'z']) history.add(answer(trace, 'a', { body: Buffer.alloc(17 * 1024 * 1024) }));
    assert.deepEqual(
      history.of('order').map((one) => 'trace' in one && one.trace),
      ['z', 'y'],
    );
  });

  it('outlive a reload of the window, unless they are large', () => {
    const binary = answer('1', 'a', { body: Buffer.from([0, 255, 10]) });
    const large = answer('2', 'a', { body: Buffer.alloc(2 * 1024 * 1024) });
    const open = [
      { column: 2, task: 'order', front: true, answer: binary },
      { column: 3, task: 'large', front: false, answer: large },
    ];
    assert.deepEqual(readKept(writeKept(open)), [open[0], { ...open[1], answer: undefined }]);
    assert.equal(writeKept([]), '');
    for (const text of ['', 'null', '{', '{"version":0}']) assert.deepEqual(readKept(text), []);
  });
});

describe('the summary of an answer', () => {
  it('has the reason of its status, its time and its size', () => {
    const failed = answer('1', 'a', { status: 500, statusText: 'Internal Server Error', body: Buffer.alloc(2048) });
    assert.equal(answerSummary(failed), '500 Internal Server Error · 12.3 ms · 2.0 KiB');
    assert.equal(answerSummary(answer('1', 'a', { status: 299, statusText: '' })), '299 · 12.3 ms · 1 B');
  });
});
