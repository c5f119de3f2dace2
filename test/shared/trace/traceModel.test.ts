import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filtered, rowsOf, type SpanFilter, searched } from '../../../src/shared/trace/traceFilter.ts';
import { endOf, type ShownSpan, traceModel } from '../../../src/shared/trace/traceModel.ts';

const span = (
  name: string,
  parent: string | null,
  [start, duration]: readonly [number, number],
  more: Partial<ShownSpan> = {},
): ShownSpan => ({
  trace: 'f'.repeat(32),
  span: name,
  parent,
  caller: parent,
  callee: name,
  local: false,
  start,
  duration,
  status: 200,
  cold: false,
  group: [name],
  recorded: false,
  ...more,
});
/** `a(b,c(d))` */
const shape = (spans: readonly ShownSpan[]): string => {
  const { nodes } = traceModel(spans);
  const write = (node: (typeof nodes)[number]): string =>
    `${node.span.span}${node.children.length > 0 ? `(${node.children.map(write).join(',')})` : ''}`;
  return nodes
    .filter(({ parent }) => parent === undefined)
    .map(write)
    .join(' ');
};

describe('the tree of a trace', () => {
  it('has callees below their callers, by their start', () => {
    const spans = [
      span('d', 'c', [30, 5]),
      span('c', 'a', [20, 20]),
      span('b', 'a', [5, 10]),
      span('a', null, [0, 50]),
    ];
    assert.equal(shape(spans), 'a(b,c(d))');
    const { begin, length, nodes } = traceModel(spans);
    assert.deepEqual([begin, length], [0, 50]);
    assert.deepEqual(
      nodes.map(({ self }) => self),
      [20, 10, 15, 5],
    );
  });

  it('shows spans without a caller at the top, and says why', () => {
    const { nodes } = traceModel([span('a', null, [0, 10]), span('b', 'gone', [2, 3])]);
    assert.deepEqual(
      nodes.map(({ depth, note }) => [depth, note]),
      [
        [0, undefined],
        [0, 'Its caller was not recorded'],
      ],
    );
  });

  it('opens a loop where it was entered, and loses nothing that hangs on it', () => {
    assert.equal(shape([span('a', 'b', [0, 9]), span('b', 'a', [1, 5]), span('c', 'b', [2, 1])]), 'a(b(c))');
    assert.equal(shape([span('a', 'a', [0, 9])]), 'a');
    assert.equal(shape([span('c', 'b', [0, 9]), span('b', 'a', [1, 5]), span('a', 'b', [2, 1])]), 'b(c,a)');
  });

  it('takes the parent of an outer invocation for its client, also one of that id', () => {
    assert.equal(shape([span('a', null, [0, 10], { parent: 'b' }), span('b', 'a', [1, 2])]), 'a(b)');
  });

  it('moves a span with another clock into its caller, and says so', () => {
    const { nodes, length } = traceModel([
      span('a', null, [1000, 100]),
      span('b', 'a', [900, 20]),
      span('c', 'a', [1090, 50]),
      span('d', 'a', [1095, 50], { mode: 'async' }),
      span('e', 'a', [1099, 2]),
    ]);
    assert.deepEqual(Object.fromEntries(nodes.map(({ span: { span: name }, at, note }) => [name, [at, note ?? '']])), {
      a: [100, ''],
      b: [140, 'It was recorded 100 ms before its caller began: the clocks differ'],
      c: [125, "It was recorded 40 ms beyond its caller's end: the clocks differ"],
      d: [195, ''],
      // Within a millisecond, starts are not known better.
      e: [198, ''],
    });
    assert.equal(length, 245);
  });

  it('follows what the end depends on', () => {
    const { critical } = traceModel([
      span('a', null, [0, 100]),
      span('b', 'a', [10, 30]),
      span('c', 'a', [20, 60]),
      span('d', 'c', [30, 40]),
      span('later', 'a', [50, 200], { mode: 'async' }),
    ]);
    assert.deepEqual(
      [...critical].sort(([one], [other]) => one - other),
      [
        [
          0,
          [
            { from: 0, to: 20 },
            { from: 80, to: 100 },
          ],
        ],
        [
          2,
          [
            { from: 20, to: 30 },
            { from: 70, to: 80 },
          ],
        ],
        [3, [{ from: 30, to: 70 }]],
      ],
    );
  });

  it('is empty without spans', () => {
    assert.deepEqual(traceModel([]), { nodes: [], begin: 0, length: 0, critical: new Map() });
  });

  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const anySpan = fc
    .tuple(names, fc.option(fc.oneof(names, fc.constant('gone'))), fc.nat(100), fc.nat(100), fc.boolean())
    .map(([name, parent, start, duration, isAsync]) =>
      span(name, parent, [start, duration], { mode: isAsync ? 'async' : 'sync' }),
    );

  it('has each span once, whatever its callers are, and each critical path covers its root', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 12 }), (spans) => {
        const { nodes, critical, length } = traceModel(spans);
        assert.equal(nodes.length, spans.length);
        assert.deepEqual(new Set(nodes.map((node) => node.span)), new Set(spans));
        for (const node of nodes) {
          assert.ok(node.at >= 0 && endOf(node) <= length + 1e-9, 'on the axis');
          assert.ok(node.self >= 0 && node.self <= node.span.duration + 1e-9, 'its own time');
          if (node.parent) assert.ok(node.at >= node.parent.at - 1e-9, 'not before its caller');
        }
        const total = [...critical.values()].flat().reduce((sum, { from, to }) => sum + to - from, 0);
        const roots = nodes.filter(({ parent }) => parent === undefined);
        const whole = roots.reduce((sum, root) => sum + root.span.duration, 0);
        assert.ok(Math.abs(total - whole) < 1e-6, `${total} of ${whole}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what a trace shows', () => {
  const model = traceModel([
    span('shop', null, [0, 100], { request: 'POST /shop' }),
    span('cart', 'shop', [5, 80]),
    span('price', 'cart', [10, 60], { local: true, status: 500 }),
    span('mail', 'shop', [90, 3], { cold: true }),
  ]);
  const names = (indices: Iterable<number>): string[] =>
    [...indices].map((index) => model.nodes[index]?.span.span ?? '');
  const shown = (...filters: SpanFilter[]): [string[], string[]] => {
    const result = filtered(model, new Set(filters));
    return [names(result.fitting), names(result.shown).sort()];
  };

  it('is what fits all filters, with the way to it', () => {
    assert.deepEqual(shown()[0], ['shop', 'cart', 'price', 'mail']);
    assert.deepEqual(shown('errors'), [['price'], ['cart', 'price', 'shop']]);
    assert.deepEqual(shown('remote'), [
      ['cart', 'mail'],
      ['cart', 'mail', 'shop'],
    ]);
    assert.deepEqual(shown('remote', 'cold'), [['mail'], ['mail', 'shop']]);
    assert.deepEqual(shown('slow')[0], ['shop', 'cart', 'price']);
    assert.deepEqual(shown('cold', 'errors'), [[], []]);
  });

  it('leaves out what is below a closed span', () => {
    const all = filtered(model, new Set()).shown;
    const rows = (closed: number[]): string[] =>
      rowsOf(model, all, new Set(closed)).map(({ span: { span: name } }) => name);
    assert.deepEqual(rows([]), ['shop', 'cart', 'price', 'mail']);
    assert.deepEqual(rows([1]), ['shop', 'cart', 'mail']);
    assert.deepEqual(rows([0]), ['shop']);
  });

  it('finds names, states, words and what a recorded request has', () => {
    const find = (text: string, found: string[] = []): string[] => names(searched(model, text, new Set(found)));
    assert.deepEqual(find('PRI'), ['price']);
    assert.deepEqual(find('500'), ['price']);
    assert.deepEqual(find('cold'), ['mail']);
    assert.deepEqual(find('post /shop'), ['shop']);
    assert.deepEqual(find('order 7', ['cart']), ['cart']);
    assert.deepEqual(find('  '), []);
  });
});
