import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pc from 'picocolors';
import { cutName, deployedWords } from '../../src/cli/dev/fit.ts';
import { formatLog } from '../../src/cli/format.ts';
import { wrap } from '../../src/cli/wrap.ts';
import type { LogRecord, TraceRecord } from '../../src/shared/api.ts';
import { devOutput as output } from '../support/devOutput.ts';

const call = (fields: Partial<TraceRecord>): TraceRecord => ({
  trace: 't',
  span: 's',
  parent: null,
  caller: 'a',
  callee: 'b',
  local: false,
  start: 0,
  duration: 2.05,
  status: 200,
  cold: false,
  group: [],
  ...fields,
});

describe('dev: the lines', () => {
  it('a deploy line is one line: the address goes first, then the names of a group', () => {
    const address = 'http://127.0.0.1:8000/order';
    const group = ['order', 'stock', 'payment', 'shipping'];
    for (const [tasks, room, fused, shown] of [
      [['order'], 30, '', ` ${address}`],
      [['order'], 20, '', ''],
      [group, 100, ', fused as order + payment + shipping + stock', ` ${address}`],
      [group, 50, ', fused as order + payment + shipping + stock', ''],
      [group, 30, ', fused with 3 others', ''],
      [group, 10, '', ''],
      [['a', 'a-long-name'], 20, ', fused with 1 other', ''],
    ] as const)
      assert.deepEqual(deployedWords(tasks, address, room), { fused, address: shown }, `${tasks} in ${room}`);
  });

  it('of --log-level and --quiet leave out lesser ones; the address stays', () => {
    for (const [level, expected] of [
      ['debug', ['Fusionizer is ready at http://a', 'about', 'GET /b 200', 'GET /b 500', 'removed', 'lost']],
      ['warn', ['Fusionizer is ready at http://a', 'about', 'GET /b 500', 'removed', 'lost']],
      ['error', ['Fusionizer is ready at http://a', 'lost']],
    ] as const) {
      const { dev, lines } = output(undefined, level);
      dev.ready('http://a', 'about', { pid: 1, tasks: 0 });
      dev.watching(1);
      for (const status of [200, 500]) dev.request(call({ caller: null, request: 'GET /b', status }));
      dev.unconfigured('folder', undefined);
      dev.removed('b', 'place');
      dev.lost(new Error('lost'));
      const shown = expected.filter((text) => lines.some((line) => line.includes(text)));
      assert.deepEqual(shown, expected, level);
      assert.equal(
        lines.some((line) => /Watching|folder/.test(line)),
        level === 'debug',
      );
      assert.equal(
        lines.some((line) => line.includes(' 200 ')),
        level === 'debug',
      );
      assert.equal(
        lines.some((line) => /place/.test(line)),
        level !== 'error',
      );
    }
  });

  it('a long name keeps its beginning and its end', () => {
    assert.equal(cutName('order', 20), 'order');
    assert.equal(cutName('a-task-with-a-long-name-1', 20), 'a-task-wit…ng-name-1');
    assert.equal(cutName('a-task-with-a-long-name-1', 20).length, 20);
  });

  it('keeps its columns with names of any length on a terminal, and cuts nothing in a pipe', () => {
    for (const [width, expected] of [
      [80, 'order-proc…e-backend'],
      [undefined, 'order-processing-service-backend'],
    ] as const) {
      const { dev, lines } = output(width);
      dev.deployedByOther('order-processing-service-backend', 2);
      assert.deepEqual(lines, [`${expected} version 2 deployed by another client`]);
    }
  });

  it('calls show the status that a Task failed with, and those that failed come first', () => {
    const { dev, lines } = output();
    const request = call({ caller: null, callee: 'a' });
    dev.calls(request, [call({ callee: 'helo', status: 404 })]);
    dev.calls(request, [call({}), call({}), call({}), call({}), call({ callee: 'c', status: 0 })]);
    assert.deepEqual(lines, [
      'a          1 remote call: helo 404 2.05 ms',
      'a          5 remote calls: c no answer 2.05 ms, b 2.05 ms, b 2.05 ms, 2 more',
    ]);
  });

  it('every line is fitted to the terminal: text is wrapped below itself, paths are cut, and a pipe gets all', () => {
    const words = 'one two three four five six seven eight nine ten eleven twelve thirteen';
    const record = {
      time: 0,
      level: 'info',
      message: words,
      with: {},
      task: 't1',
      function: null,
      trace: null,
    } as const;
    const request = call({ caller: null, callee: 't1', request: `GET /t1/${'path/'.repeat(12)}` });
    const { dev, lines } = output(50);
    dev.log(['t1'], { ...record, stream: 'log' });
    dev.request(request);
    dev.deletedByOther('t1', true);
    assert.deepEqual(lines, [
      't1       info  one two three four five',
      '                  six seven eight nine ten eleven',
      '                  twelve thirteen',
      't1       GET /t1/pa…ath/path/ 200 2.05 ms',
      't1       deleted by another client; the',
      '                  next save of t1 deploys it again',
    ]);
    const pipe = output();
    pipe.dev.log(['t1'], { ...record, stream: 'log' });
    pipe.dev.request(request);
    assert.deepEqual(pipe.lines, [`t1       info  ${words}`, `t1       ${request.request} 200 2.05 ms`]);
  });

  it('lines are broken between words only, whatever their colours', () => {
    const { dim, red } = pc.createColors(true);
    assert.deepEqual(wrap('  aa bb cc', 7), ['  aa bb', '  cc']);
    assert.deepEqual(wrap('a-very-long-word b', 5), ['a-very-long-word', 'b']);
    assert.deepEqual(wrap(`${red('aa')} ${dim('bb')} cc`, 5), [`${red('aa')} ${dim('bb')}`, 'cc']);
    assert.deepEqual(wrap('', 5), ['']);
    assert.deepEqual(wrap('  aa  bb', 6, 2), ['  aa', '    bb']);
    assert.deepEqual(wrap('run `fusionizer fuse a,b` now', 10, 2), ['run', '  `fusionizer fuse a,b`', '  now']);
    assert.deepEqual(wrap(dim('  aa bb'), 5), [`${dim('  aa').replace('\u001b[22m', '')}`, '  bb\u001b[22m']);
    assert.deepEqual(wrap('it took (1.5 s)', 12), ['it took', '(1.5 s)']);
    assert.deepEqual(wrap("a ` that 'ends' nowhere", 12), ['a ` that', "'ends'", 'nowhere']);
  });

  it('a print of a fused function has the names of its Tasks, here and in logs', () => {
    const { dev, lines } = output();
    const record: LogRecord = {
      time: 0,
      level: 'info',
      message: 'printed',
      with: {},
      task: null,
      function: 'stock-hub-1a2b-7',
      group: ['stock', 'hub'],
      trace: null,
      stream: 'stdout',
    };
    dev.log(['stock', 'hub'], record);
    assert.deepEqual(lines, ['hub + stock info  printed']);
    assert.match(formatLog({ colors: pc.createColors(false) }, record), / info {2}hub \+ stock printed$/);
  });

  it('a traceback begins on a line of its own below its record, and ends in no empty line', () => {
    const record: LogRecord = {
      time: 0,
      level: 'error',
      message: 'Exception caught in handler',
      with: { exc: 'bad', traceback: 'Traceback:\n  ValueError\n' },
      task: 't1',
      function: null,
      trace: null,
      stream: 'log',
    };
    const begin = '00:00:00.000 error t1 Exception caught in handler';
    const shown = formatLog({ colors: pc.createColors(false) }, record).replace(/^[\d:]{8}/, '00:00:00');
    assert.deepEqual(shown.split('\n'), [
      `${begin} exc=bad`,
      '    traceback:',
      '      Traceback:',
      '        ValueError',
    ]);
    const { dev, lines } = output(70);
    dev.log(['t1'], record);
    assert.deepEqual(lines, [
      't1       error Exception caught in handler exc=bad',
      '                  traceback:',
      '                    Traceback:',
      '                      ValueError',
    ]);
  });
});
