import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DevTasks } from '../../src/cli/dev/devTasks.ts';
import { OtherClients } from '../../src/cli/dev/otherClients.ts';
import { Turns } from '../../src/cli/dev/turns.ts';
import { withHolder } from '../../src/cli/portHolder.ts';
import { readContents, watchSources } from '../../src/cli/watchSources.ts';
import type { Operation } from '../../src/shared/api.ts';
import { FusionizerError } from '../../src/shared/errors.ts';
import { startFusionizerServer } from '../../src/startServer.ts';
import { findTasks } from '../../src/task/findTasks.ts';
import { devOutput } from '../support/devOutput.ts';
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
  source: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  ...fields,
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
    const { dev, lines } = devOutput();
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

  it('deploys a few sources at the same time, in their order', async () => {
    const sources = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map(async (name) => {
        const file = path.join(dir, `${name}.py`);
        await writeFile(file, name);
        return file;
      }),
    );
    const stop = new AbortController();
    const begun: string[] = [];
    const lines: string[] = [];
    const waiting = new Map<string, () => void>();
    const turns = new Turns();
    const changed = async (source: string): Promise<boolean> => {
      const turn = turns.take();
      const name = path.basename(source, '.py');
      begun.push(name);
      await new Promise<void>((resolve) => waiting.set(name, resolve));
      await turn.come;
      lines.push(name);
      turn.end();
      return true;
    };
    const watching = watchSources(new Map(), { roots: sources, atOnce: 3, changed }, stop.signal);
    await until('three deploys', () => begun.length === 3);
    for (const name of ['b', 'c']) waiting.get(name)?.();
    assert.deepEqual([begun, lines], [['a', 'b', 'c'], []]);
    waiting.get('a')?.();
    await until('the others', () => begun.length === 5);
    for (const name of ['e', 'd']) waiting.get(name)?.();
    await until('all', () => lines.length === 5);
    assert.deepEqual(
      [begun, lines],
      [
        ['a', 'b', 'c', 'd', 'e'],
        ['a', 'b', 'c', 'd', 'e'],
      ],
    );
    stop.abort();
    await watching;
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
