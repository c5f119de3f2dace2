import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pc from 'picocolors';
import { printTable } from '../../src/cli/table.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { printTraces, printTrees } from '../../src/cli/traceTable.ts';
import type { TraceRecord } from '../../src/shared/api.ts';

/** What is printed on a terminal of so many columns, as lines. */
function printed(width: number | undefined, print: (terminal: Terminal) => void): string[] {
  const lines: string[] = [];
  const line = (text = ''): void => void lines.push(text);
  print({
    colors: pc.createColors(false),
    isTTY: width !== undefined,
    width,
    line,
    write: (data) => line(String(data)),
  });
  return lines;
}

const record = (trace: string, span: string, more: Partial<TraceRecord> = {}): TraceRecord => ({
  trace: trace.padEnd(32, '0'),
  span,
  parent: null,
  caller: null,
  callee: 'a-task-with-a-long-name',
  local: false,
  start: 0,
  duration: 12.3,
  status: 200,
  cold: false,
  group: [],
  ...more,
});

const RECORDS = [
  record('1', 'a', { request: 'POST /a-task-with-a-long-name' }),
  record('1', 'b', {
    parent: 'a',
    caller: 'a-task-with-a-long-name',
    callee: 'another-task-of-a-long-name',
    local: true,
  }),
  record('2', 'x', { parent: 'of-a-client', callee: 'short' }),
  record('1', 'c', { parent: 'b', caller: 'another-task-of-a-long-name', callee: 'third', status: 0 }),
];

describe('tables', () => {
  it('fit the terminal: columns are cut, then optional ones left out; a pipe gets everything', () => {
    const columns = [
      { title: 'NAME', shrinks: true },
      { title: 'MORE', optional: true },
      { title: 'STATE' },
      { title: 'LAST', optional: true },
    ];
    const rows = [['a-long-name-of-a-thing', 'more of this', 'ready', 'last of it']];
    const at = (width: number | undefined): string => printed(width, (to) => printTable(to, columns, rows))[1] ?? '';
    assert.equal(at(undefined), 'a-long-name-of-a-thing  more of this  ready  last of it');
    assert.equal(at(45), 'a-long-name…  more of this  ready  last of it');
    assert.equal(at(40), 'a-long-name-of-a-t…  more of this  ready');
    assert.equal(at(20), 'a-long-name-…  ready');
    assert.equal(at(5), 'a-long-…  ready');
  });
});

describe('traces', () => {
  it('have whole ids and fit, whatever the width', () => {
    for (const width of [60, 80, 120, undefined]) {
      const lines = printed(width, (to) => printTraces(to, RECORDS));
      for (const id of ['1', '2'])
        assert.ok(
          lines.some((line) => line.includes(id.padEnd(32, '0'))),
          `${width}`,
        );
      for (const line of lines) assert.ok(line.length <= (width ?? Number.POSITIVE_INFINITY), `${width}: ${line}`);
    }
  });

  it('are a tree of calls, one for each trace', () => {
    const calls = printed(undefined, (to) => printTrees(to, RECORDS)).map((line) =>
      line.slice(14).replace(/ {2,}(HOW|invoked|local|remote) .*/, ''),
    );
    assert.deepEqual(calls, [
      'CALL',
      '0'.repeat(18),
      'POST /a-task-with-a-long-name',
      '  another-task-of-a-long-name',
      '    third',
      '0'.repeat(18),
      'short',
    ]);
  });

  it('of a client that sends a circle end', () => {
    const circle = [record('1', 'a', { parent: 'b' }), record('1', 'b', { parent: 'a' })];
    assert.equal(printed(80, (to) => printTrees(to, circle)).length, 4);
  });
});
