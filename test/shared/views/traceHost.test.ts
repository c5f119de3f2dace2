import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Exchange, ReplayView, TraceSpan, TraceView } from '../../../src/shared/traceApi.ts';
import { joined, type TraceApi, TraceHost } from '../../../src/shared/views/traceHost.ts';
import type { ShownTraces } from '../../../src/shared/views/traceView.ts';

const body = (text: string) => ({ body: text, encoding: 'utf8' as const, size: text.length, truncated: false });
const exchange = (text: string): Exchange => ({
  request: { method: 'POST', path: '/', headers: { 'X-Order': ['7', '8'] }, ...body(text) },
  answer: { status: 200, headers: {}, ...body('done') },
  masked: false,
});
const span = (name: string, caller: string | null, more: Partial<TraceSpan> = {}): TraceSpan => ({
  trace: 'f'.repeat(32),
  span: name,
  parent: caller,
  caller,
  callee: name,
  local: false,
  start: 0,
  duration: 1,
  status: 200,
  cold: false,
  group: [name],
  ...more,
});
const VIEW: TraceView = {
  trace: 'f'.repeat(32),
  spans: [
    span('a', null, { exchange: exchange('iban') }),
    span('b', 'a', { exchange: exchange('other') }),
    span('c', 'a'),
  ],
};

function host(
  replayed: Partial<ReplayView> = {},
  view = VIEW,
  changed: (shown: ShownTraces) => void = () => assert.fail('it was read again'),
) {
  const api: TraceApi = {
    trace: async (id) => ({ ...view, trace: id.length === 32 ? id : view.trace }),
    logs: () => Promise.reject(new Error('no logs')),
    groups: () => Promise.resolve([['a'], ['b', 'c']]),
    replay: async () =>
      ({ trace: 'e'.repeat(32), same: true, differences: [], notes: [], ...replayed }) as unknown as ReplayView,
  };
  return new TraceHost(api, changed);
}

describe('the host of the page of traces', () => {
  it('sends spans without their requests, and says which have one; a trace without logs is shown', async () => {
    const { traces, groups } = await host().show(['ffff']);
    assert.deepEqual(groups, [['a'], ['b', 'c']]);
    assert.deepEqual(
      traces[0]?.spans.map((one) => [one.span, one.recorded, 'exchange' in one]),
      [
        ['a', true, false],
        ['b', true, false],
        ['c', false, false],
      ],
    );
    assert.deepEqual(traces[0]?.logs, []);
  });

  it('finds values in requests, headers and answers', async () => {
    const shown = host();
    const [{ id = '' } = {}] = (await shown.show(['f'.repeat(32)])).traces;
    assert.deepEqual(shown.search(id, 'IBAN'), ['a']);
    assert.deepEqual(shown.search(id, 'x-order: 7, 8'), ['a', 'b']);
    assert.deepEqual(shown.search(id, ' '), []);
    assert.deepEqual(shown.search('another', 'iban'), []);
    assert.equal(shown.details(id, 'a')?.request.body, 'iban');
    assert.equal(shown.details(id, 'c'), undefined);
  });

  it('shows a replay below what was sent again, and says whether the answers differ', async () => {
    const same = await host().replay('f'.repeat(32), 'a');
    assert.deepEqual(
      same.shown.traces.map(({ id }) => id[0]),
      ['f', 'e'],
    );
    assert.equal(same.words, 'The answers are the same.');
    const differences = [{ what: 'body.total', before: '1', after: '2' }];
    const { words } = await host({ same: false, differences, notes: ['A header was left out'] }).replay('f', 'a');
    assert.equal(words, 'The answers differ in body.total. A header was left out.');
  });

  it('reads a new trace once more, when calls were reported; an old or a closed one it does not', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 10_000 });
    const seen: number[] = [];
    const changed = ({ traces }: ShownTraces): void => void seen.push(traces.length);
    const fresh = { ...VIEW, spans: [span('a', null, { start: 9900 })] };
    const shown = host({}, fresh, changed);
    await shown.show(['ffff']);
    t.mock.timers.tick(1499);
    assert.deepEqual(seen, []);
    t.mock.timers.tick(1);
    await new Promise(setImmediate);
    t.mock.timers.tick(5000);
    await new Promise(setImmediate);
    assert.deepEqual(seen, [1]);
    const closed = host({}, { ...VIEW, spans: [span('a', null, { start: 16_500 })] });
    await closed.show(['ffff']);
    closed.close();
    await host().show(['ffff']);
    t.mock.timers.tick(5000);
    await new Promise(setImmediate);
  });

  it('joins groups, so that nothing that is local becomes remote', () => {
    assert.deepEqual(joined([['a', 'x'], ['b'], ['c', 'd']], ['a', 'd']), ['a', 'x', 'c', 'd']);
    assert.deepEqual(joined([['a', 'b']], ['a', 'b']), ['a', 'b']);
    assert.deepEqual(joined([], ['a', 'b']), ['a', 'b']);
  });
});
