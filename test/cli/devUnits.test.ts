import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import pc from 'picocolors';
import { DevOutput } from '../../src/cli/dev/devOutput.ts';
import { DevTasks } from '../../src/cli/dev/devTasks.ts';
import { cutName, deployedWords } from '../../src/cli/dev/fit.ts';
import { OtherClients } from '../../src/cli/dev/otherClients.ts';
import { formatLog } from '../../src/cli/format.ts';
import { withHolder } from '../../src/cli/portHolder.ts';
import { readContents, watchSources } from '../../src/cli/watchSources.ts';
import type { LogRecord, Operation, TraceRecord } from '../../src/shared/api.ts';
import { FusionizerError } from '../../src/shared/errors.ts';
import { startFusionizerServer } from '../../src/startServer.ts';
import { findTasks } from '../../src/task/findTasks.ts';
import { until } from '../support/until.ts';

const BUILT: Operation['stages'] = [{ stage: 'build', at: '2026-01-01T00:00:00.000Z' }];
const operation = (fields: Partial<Operation>): Operation => ({
  id: 'other',
  kind: 'deploy',
  tasks: ['t1'],
  state: 'done',
  stages: BUILT,
  log: [],
  warnings: [],
  result: null,
  error: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  ...fields,
});
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

/** An output whose lines are kept, without their clock. */
function output(width?: number): { dev: DevOutput; lines: string[] } {
  const lines: string[] = [];
  const out = {
    colors: pc.createColors(false),
    isTTY: width !== undefined,
    width,
    write: () => undefined,
    line: (text = '') => void lines.push(text.replace(/^\d\d:\d\d:\d\d /, '')),
  };
  return { dev: new DevOutput({ out, json: false, printJsonLine: () => undefined }), lines };
}

describe('dev: the lines', () => {
  it('a deploy line is one line: the address goes first, then the names of a group', () => {
    const address = 'http://127.0.0.1:8000/order';
    const group = ['order', 'stock', 'payment', 'shipping'];
    for (const [tasks, room, fused, shown] of [
      [['order'], 30, '', ` ${address}`],
      [['order'], 20, '', ''],
      [group, 100, ', fused as order + stock + payment + shipping', ` ${address}`],
      [group, 50, ', fused as order + stock + payment + shipping', ''],
      [group, 30, ', fused with 3 others', ''],
      [group, 10, '', ''],
      [['a', 'a-long-name'], 20, ', fused with 1 other', ''],
    ] as const)
      assert.deepEqual(deployedWords(tasks, address, room), { fused, address: shown }, `${tasks} in ${room}`);
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

  it('a traceback ends in no empty line', () => {
    const record: LogRecord = {
      time: 0,
      level: 'error',
      message: 'Exception caught in handler',
      with: { traceback: 'Traceback:\n  ValueError\n' },
      task: 't1',
      function: null,
      trace: null,
      stream: 'log',
    };
    assert.match(formatLog({ colors: pc.createColors(false) }, record), /traceback=Traceback:\n {2}ValueError$/);
  });
});

describe('dev: what it knows of its Tasks', () => {
  it('a Task whose folder was renamed is moved, at once or after it was reported as removed', () => {
    const tasks = new DevTasks();
    tasks.present = ['stock'];
    assert.equal(tasks.claim('stock', 'stock'), undefined);
    tasks.present = ['store'];
    assert.equal(tasks.claim('store', 'stock'), 'stock');
    assert.equal(tasks.remove('stock'), undefined, 'it serves from its new folder');
    tasks.present = [];
    assert.equal(tasks.remove('store'), 'stock');
    tasks.present = ['shop'];
    assert.equal(tasks.claim('shop', 'stock'), 'store');
    tasks.remove('shop');
    assert.equal(tasks.claim('shop', 'stock'), undefined, 'it is back where it was');
  });

  it('refuses a second source with a name while the first one is there', () => {
    const tasks = new DevTasks();
    tasks.present = ['a', 'b'];
    tasks.claim('a', 'one');
    assert.throws(() => tasks.claim('b', 'one'), /b and a are both Task 'one'/);
    assert.deepEqual([tasks.duplicates, tasks.nameOf('b')], [1, undefined]);
    assert.equal(tasks.claim('b', 'two'), undefined);
    assert.equal(tasks.duplicates, 0);
  });
});

describe('dev: other clients', () => {
  const seen = (operations: readonly Operation[]): { lines: string[]; tasks: DevTasks } => {
    const { dev, lines } = output();
    const tasks = new DevTasks();
    tasks.claim('t1', 't1');
    tasks.begin('own');
    const others = new OtherClients(tasks, dev);
    others.task({ name: 't1', task: JSON.parse('{"version": 3}') });
    for (const one of operations) others.operation(one);
    return { lines, tasks };
  };

  it('each change of a Task from here is one line, and the own ones none', () => {
    for (const [fields, line] of [
      [{}, 't1       version 3 deployed by another client'],
      [{ kind: 'delete' }, 't1       deleted by another client; the next save of t1 deploys it again'],
      [
        { state: 'failed', error: JSON.parse('{"detail": "main.js:1: SyntaxError\\nmore"}') },
        't1       failed deploy by another client; version 3 still serves: main.js:1: SyntaxError',
      ],
      [{ id: 'own' }, undefined],
      [{ stages: [] }, undefined],
      [{ state: 'superseded' }, undefined],
      [{ state: 'running' }, undefined],
      [{ tasks: ['elsewhere'] }, undefined],
      [{ kind: 'delete', state: 'failed' }, undefined],
      [{ kind: 'setup' }, undefined],
    ] satisfies [Partial<Operation>, string | undefined][])
      assert.deepEqual(seen([operation(fields)]).lines, line === undefined ? [] : [line], JSON.stringify(fields));
  });

  it('what another client deployed or deleted is deployed again by the next save', () => {
    assert.equal(seen([]).tasks.isStale('t1'), false);
    for (const kind of ['deploy', 'delete'] as const) {
      const { tasks } = seen([operation({ kind })]);
      assert.equal(tasks.isStale('t1'), true);
      tasks.claim('t1', 't1');
      assert.equal(tasks.isStale('t1'), false);
    }
  });
});

describe('dev: files and ports', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-dev-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('remarks on folders that a deploy would take, but not on scripts and Tasks', async () => {
    const files = {
      'one/main.py': 'def handler(context, event):\n    pass\n',
      'script/tool.py': 'print("handler")\n',
      'two/a.js': 'exports.handler = 1;\n',
      'two/b.js': 'exports.handler = 1;\n',
      'task/function.yaml': 'spec: {}\n',
      'task/main.py': 'def handler(context, event):\n    pass\n',
      'task/inner/main.py': 'def handler(context, event):\n    pass\n',
      'inline/main.js': '// @nuclio.configure\nexports.handler = 1;\n',
      'js/index.js': 'module.exports.handler = () => 1;\n',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
      await writeFile(path.join(dir, name), text);
    }
    const remarks: string[] = [];
    await findTasks(dir, (folder) => remarks.push(path.relative(dir, folder)));
    assert.deepEqual(remarks.sort(), ['js', 'one']);
  });

  it('a save during a deploy ends it and is deployed itself, also when it takes the change back', async () => {
    const file = path.join(dir, 'watched.py');
    await writeFile(file, 'a = 1');
    const contents = await readContents([file]);
    await writeFile(file, 'a = 2');
    const stop = new AbortController();
    const begun: AbortSignal[] = [];
    const changed = async (_source: string, outdated: AbortSignal): Promise<boolean> => {
      begun.push(outdated);
      if (begun.length === 1) {
        await once(outdated, 'abort');
        await writeFile(file, 'a = 2');
      }
      return begun.length > 1;
    };
    const watching = watchSources(contents, { roots: [file], changed }, stop.signal);
    await until('the first deploy', () => begun.length > 0);
    await writeFile(file, 'a = 3');
    await until('the second deploy', () => begun.length > 1);
    stop.abort();
    await watching;
    assert.deepEqual(
      begun.slice(0, 2).map(({ aborted }) => aborted),
      [true, false],
    );
  });

  it('says which program has a port', async () => {
    const taken = new FusionizerError('port-taken', 'taken');
    const holderOf = (port: number): Promise<string> =>
      withHolder(taken, '127.0.0.1', port).catch(({ message }: Error) => message);
    const other = createServer((_request, response) => response.end('no')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    assert.match(await holderOf(port), new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use by another program\\. `));
    other.close();
    for (const [auth, holder] of [
      ['auto', `the Fusionizer server of ${dir}`],
      ['always', 'another Fusionizer server'],
    ] as const) {
      const server = await startFusionizerServer({
        state: path.join(dir, `state-${auth}`),
        folder: dir,
        port: 0,
        auth,
      });
      assert.ok((await holderOf(Number(server.address.port))).includes(` is in use by ${holder}. Choose another one`));
      await server.close();
    }
  });
});
