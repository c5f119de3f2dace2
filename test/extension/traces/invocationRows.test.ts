import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { CallCounter } from '../../../src/extension/traces/callCounts.ts';
import { filterText, isFiltering, parseMilliseconds, queryOf } from '../../../src/extension/traces/invocationFilter.ts';
import { contextOf } from '../../../src/extension/traces/invocationNode.ts';
import { InvocationReader } from '../../../src/extension/traces/invocationReader.ts';
import {
  invocationDescription,
  invocationLabel,
  spokenInvocation,
  timeText,
} from '../../../src/extension/traces/invocationText.ts';
import type { TraceRecord } from '../../../src/shared/api.ts';
import { holds } from '../../support/whenClause.ts';

const NOON = new Date(2026, 4, 3, 12, 0, 0).getTime();
const record = (fields: Partial<TraceRecord> = {}): TraceRecord => ({
  trace: 't1',
  span: 's1',
  parent: null,
  caller: null,
  callee: 'taska',
  local: false,
  start: NOON,
  duration: 12.34,
  status: 200,
  cold: false,
  group: ['taska'],
  request: 'POST /taska',
  ...fields,
});

describe('the row of an invocation', () => {
  it('has status, Task, duration, calls and time', () => {
    const one = record();
    assert.equal(invocationLabel(one), '200 taska');
    assert.equal(invocationDescription(one, { local: 2, remote: 1 }, NOON), '12.3 ms · 2 local, 1 remote · 12:00:00');
    assert.equal(invocationDescription(one, { local: 0, remote: 0 }, NOON), '12.3 ms · 12:00:00');
    assert.equal(invocationDescription(one, undefined, NOON), '12.3 ms · 12:00:00', 'calls that are not known');
    assert.equal(invocationLabel(record({ status: 0 })), 'no answer: taska');
  });

  it('has the date if it was not today', () => {
    assert.equal(timeText(NOON, NOON + 24 * 3_600_000), '2026-05-03 12:00:00');
  });

  it('is read out in words', () => {
    assert.equal(
      spokenInvocation(record({ cold: true, replayOf: 't0' }), { local: 1, remote: 2 }, NOON),
      'taska answered 200 after 12.3 ms, 1 local call, 2 remote calls, cold start, a replay, at 12:00:00',
    );
    assert.match(spokenInvocation(record({ status: 0 }), undefined, NOON), /^taska gave no answer after /);
  });
});

describe('the menu of an invocation', () => {
  it('offers what needs a request only where there is one', async () => {
    const { contributes } = JSON.parse(await readFile('package.json', 'utf8'));
    const items: { command: string; when: string; group: string }[] = contributes.menus['view/item/context'];
    const offered = (one: TraceRecord, inline: boolean): string[] =>
      items
        .filter(({ group }) => group.startsWith('inline') === inline)
        .filter(({ when }) => holds(when, { view: 'fusionizer.invocations', viewItem: contextOf(one) }))
        .map(({ command }) => command.replace('fusionizer.trace.', ''));
    const one = record();
    const ofTrigger = record({ request: undefined });
    assert.deepEqual([offered(one, true), offered(ofTrigger, true)], [['open', 'replay'], ['open']]);
    assert.deepEqual(offered(ofTrigger, false), ['open']);
    const all = ['open', 'replay', 'editAndReplay', 'compare', 'copyAsCurl', 'savePayload'];
    assert.deepEqual(offered(one, false), all);
  });
});

describe('the empty view', () => {
  it('says one thing in every state', async () => {
    const { contributes } = JSON.parse(await readFile('package.json', 'utf8'));
    const welcomes: { view: string; contents: string; when: string }[] = contributes.viewsWelcome;
    const said = (serverRunning: boolean, invocationsFiltered: boolean): string =>
      welcomes
        .filter(({ view }) => view === 'fusionizer.invocations')
        .filter(({ when }) =>
          holds(when, {
            'fusionizer.serverRunning': serverRunning,
            'fusionizer.invocationsFiltered': invocationsFiltered,
          }),
        )
        .map(({ contents }) => contents.replace('%welcome.invocations.', '').replace('%', ''))
        .join();
    assert.deepEqual([said(false, false), said(false, true)], ['noServer', 'noServer']);
    assert.deepEqual([said(true, false), said(true, true)], ['none', 'noneFits']);
  });
});

describe('the filter of invocations', () => {
  it('asks the server for invocations from outside that fit', () => {
    assert.deepEqual(queryOf({ task: 'taska', status: '5xx', min: 250 }), {
      outer: true,
      task: 'taska',
      status: '5xx',
      min: 250,
    });
  });

  it('is shown in words', () => {
    assert.equal(filterText({ task: 'taska', status: 'error', min: 250 }), 'taska · error · at least 250 ms');
    assert.equal(filterText({ min: 1500 }), 'at least 1.5 s');
    assert.equal(filterText({}), '');
    assert.deepEqual([isFiltering({}), isFiltering({ min: 0 })], [false, true]);
  });

  it('reads durations', () => {
    for (const [text, milliseconds] of [
      ['250', 250],
      [' 250 ms ', 250],
      ['1.5s', 1500],
      ['', undefined],
      ['soon', undefined],
      ['-1', undefined],
      ['1 h', undefined],
    ] as const)
      assert.equal(parseMilliseconds(text), milliseconds, text);
  });
});

describe('calls of invocations', () => {
  const calls = [
    record(),
    record({ span: 's2', parent: 's1', caller: 'taska', callee: 'taskb', local: true }),
    record({ span: 's3', parent: 's1', caller: 'taska', callee: 'taskc' }),
    record({ trace: 'other', span: 's4', caller: 'taska' }),
  ];

  it('are counted by trace, and once when no more can come', async () => {
    const counter = new CallCounter();
    const asked: number[] = [];
    const read = async (since: number): Promise<TraceRecord[]> => {
      asked.push(since);
      return calls;
    };
    for (const now of [NOON + 100, NOON + 5000, NOON + 9000])
      assert.deepEqual([...(await counter.count([record()], read, now))], [['t1', { local: 1, remote: 1 }]]);
    assert.deepEqual(asked, [NOON, NOON], 'the last time, nothing was read');
  });

  it('are not known where too many records are newer', async () => {
    const many = Array.from({ length: 5000 }, () => record({ trace: 'newer', start: NOON + 1 }));
    assert.deepEqual([...(await new CallCounter().count([record()], async () => many, NOON))], []);
  });
});

describe('the rows', () => {
  const read = (count: number, limit: number): Promise<unknown[]> => {
    const records = Array.from({ length: Math.min(count, limit) }, (_, n) =>
      record({ trace: `t${n}`, span: `s${n}`, start: NOON + n }),
    );
    return new InvocationReader().read(
      {
        tracePage: async (options = {}) => {
          assert.deepEqual(options, { outer: true, task: undefined, status: undefined, min: undefined, limit });
          return { records: [...records], cursor: count > limit ? 'next' : undefined };
        },
        traces: async () => records,
      },
      {},
      limit,
    );
  };

  it('are the newest invocations, newest first', async () => {
    const none = { local: 0, remote: 0 };
    assert.deepEqual(await read(2, 200), [
      { record: record({ trace: 't1', span: 's1', start: NOON + 1 }), calls: none },
      { record: record({ trace: 't0', span: 's0', start: NOON }), calls: none },
    ]);
  });

  it('end with one that shows older ones, if there are any', async () => {
    assert.equal((await read(201, 200)).at(-1), 'older');
    assert.notEqual((await read(200, 200)).at(-1), 'older');
  });
});
