import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ApplyResult, Optimizer, OptimizerView } from '../../src/optimizer/optimizer.ts';
import { Scheduling } from '../../src/optimizer/schedule/scheduling.ts';
import type { ScheduleView } from '../../src/shared/scheduleApi.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { TestEngine } from '../fakes/engine.ts';
import { temporaryFolder } from '../support/folder.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

interface Scheduled {
  engine: TestEngine;
  scheduling: Scheduling;
  views: ScheduleView[];
  errors: string[];
  warnings: string[];
}

/** An engine with Tasks `a`, `b` and `c`, and the scheduling as `startServer.ts` ties it to the engine. */
async function start(
  t: TestContext,
  options: { file?: string; mayBeWrong?: boolean; optimizer?: Optimizer } = {},
): Promise<Scheduled> {
  const engine = await TestEngine.start(t);
  for (const name of ['a', 'b', 'c']) await engine.deploy(name, saying(name));
  const views: ScheduleView[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  const scheduling = await Scheduling.load({
    engine: {
      tasks: () => engine.fusionizer.taskNames,
      setup: () => engine.fusionizer.setupView().actual,
      traces: () => engine.traces.find({}),
      isByHand: () => engine.fusionizer.origin === 'manual',
      apply: (groups, signal) => engine.fusionizer.changeSetup({ kind: 'put', groups, origin: 'optimizer', signal }),
      changed: (view) => views.push(view),
      logError: (message) => errors.push(message),
      logWarning: (message) => warnings.push(message),
    },
    file: options.file,
    mayBeWrong: options.mayBeWrong,
    optimizer: options.optimizer,
  });
  const stop = scheduling.start();
  t.after(stop);
  return { engine, scheduling, views, errors, warnings };
}

const entry = (second: number, setup: Setup) => ({ second, setup });

describe('the schedule on the engine', () => {
  it('applies the entry of now, and those that replace it', async (t) => {
    const { engine, scheduling, views } = await start(t);
    await scheduling.replace([entry(0, [['a', 'b']])]);
    await until('the first entry', () => engine.groups().includes('a+b'));
    assert.equal(engine.fusionizer.setupView().origin, 'optimizer');
    await scheduling.replace([entry(0, [['b', 'c']]), entry(3600, [['a', 'c']])]);
    await until('the second entry', () => engine.groups().includes('b+c'));
    assert.deepEqual([scheduling.view().inForce, scheduling.view().next], [0, 3600]);
    assert.ok(views.length >= 2);
  });

  it('applies an entry of any second when it is asked to', async (t) => {
    const { engine, scheduling } = await start(t);
    await scheduling.replace([entry(3600, [['a', 'b', 'c']])]);
    await scheduling.apply(3600);
    assert.deepEqual(engine.groups(), ['a+b+c']);
    await assert.rejects(scheduling.apply(7), { code: 'not-found' });
  });

  it('shows an entry that cannot be applied, and applies none of it', async (t) => {
    const { engine, scheduling, errors } = await start(t);
    engine.platform.at = (stage, group) => {
      if (stage === 'start' && group.includes('c')) throw new Error('no luck');
    };
    await scheduling.replace([entry(0, [['a'], ['b', 'c']])]);
    await until('the error', () => scheduling.view().error);
    assert.match(
      scheduling.view().error ?? '',
      /^The entry of second 0 could not be applied: no luck\. None of its groups was made; the setup before it stays$/,
    );
    assert.deepEqual([engine.groups(), errors], [['a', 'b', 'c'], [`The schedule: ${scheduling.view().error}`]]);
  });

  it('is written to its file, and reloaded when that changes; a broken file keeps the entries', async (t) => {
    const file = path.join(await temporaryFolder(t, { 'schedule.json': '{}' }), 'schedule.json');
    const { engine, scheduling, errors } = await start(t, { file });
    await scheduling.replace([entry(3600, [['a', 'b']])]);
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { '3600': [['a', 'b']] });
    await writeFile(file, '{"0": [["a", "b"]]}');
    await until('the changed file', () => engine.groups().includes('a+b'));
    await writeFile(file, '{"0": [["a", "c"]');
    await until('the error', () => scheduling.view().error);
    assert.deepEqual([engine.groups(), scheduling.view().entries.length], [['a+b', 'c'], 1]);
    assert.match(errors[0] ?? '', /is not valid JSON/);
  });

  it('that may be wrong begins without entries, says why, and is followed as soon as it is right', async (t) => {
    const dir = await temporaryFolder(t, { 'broken.json': '{"0": [' });
    for (const [name, says] of [
      ['broken.json', /is not valid JSON/],
      ['missing.json', /There is no schedule/],
    ] as const) {
      const file = path.join(dir, name);
      await assert.rejects(start(t, { file }), says);
      const { engine, scheduling } = await start(t, { file, mayBeWrong: true });
      assert.match(scheduling.view().error ?? '', says);
      assert.deepEqual([scheduling.view().file, scheduling.view().entries], [file, []]);
      await writeFile(file, '{"0": [["a", "b"]]}');
      await until('its entry', () => engine.groups().includes('a+b'));
      assert.equal(scheduling.view().error, null);
    }
  });

  it('is followed when it comes in a folder that was missing, or removed meanwhile', async (t) => {
    const dir = path.join(await temporaryFolder(t), 'plans', 'mine');
    const file = path.join(dir, 'schedule.json');
    const { engine, scheduling, errors } = await start(t, { file, mayBeWrong: true });
    assert.match(errors.join(), /^There is no schedule/, 'said in the log, too');
    await mkdir(dir, { recursive: true });
    await writeFile(file, '{"0": [["a", "b"]]}');
    await until('its entry', () => engine.groups().includes('a+b'));
    await rm(path.dirname(dir), { recursive: true });
    await until('the fault', () => scheduling.view().error);
    await mkdir(dir, { recursive: true });
    await writeFile(file, '\uFEFF{"0": [["b", "c"]]}');
    await until('the new entry', () => engine.groups().includes('b+c'));
    assert.equal(scheduling.view().error, null);
  });

  it('has its fault until the file is right, also when entries before are applied meanwhile', async (t) => {
    const file = path.join(await temporaryFolder(t, { 'schedule.json': '{"0": [["a", "b"]]}' }), 'schedule.json');
    const { engine, scheduling } = await start(t, { file });
    await until('the entry', () => engine.groups().includes('a+b'));
    await writeFile(file, '{"0": [[7]]}');
    await until('the fault', () => scheduling.view().error);
    await engine.put([]);
    scheduling.clock('restart');
    await until('the entry again', () => engine.groups().includes('a+b') && scheduling.view().inForce === 0);
    assert.match(scheduling.view().error ?? '', /schedule\.json:1: entry "0"/);
    await rm(file);
    await until('the other fault', () => /There is no schedule/.test(scheduling.view().error ?? ''));
    await writeFile(file, '{"0": [["a", "b"]]}');
    await until('no fault', () => scheduling.view().error === null);
  });

  it('gives way to a manual setup until its next entry', async (t) => {
    const { engine, scheduling } = await start(t);
    await scheduling.replace([entry(0, [['a', 'b']]), entry(3600, [])]);
    await until('the entry', () => engine.groups().includes('a+b'));
    await engine.put([]);
    scheduling.clock('pause');
    scheduling.clock('run');
    assert.deepEqual([engine.groups(), engine.fusionizer.setupView().origin], [['a', 'b', 'c'], 'manual']);
    assert.equal(scheduling.view().inForce, null, 'another setup serves than that of the entry');
  });

  it('shows the entry whose setup serves: none after a change by hand or a failure', async (t) => {
    const { engine, scheduling, views } = await start(t);
    const inForce = (): number | null => scheduling.view().inForce;
    await scheduling.replace([entry(0, [['a', 'b']]), entry(3600, [['b', 'c']])]);
    await until('the entry', () => engine.groups().includes('a+b'));
    await until('its result', () => inForce() === 0);
    await engine.put([]);
    scheduling.setupChanged();
    assert.deepEqual([inForce(), views.at(-1)?.inForce], [null, null]);
    const count = views.length;
    scheduling.setupChanged();
    assert.equal(views.length, count, 'told once');
    await scheduling.apply(3600);
    assert.equal(inForce(), 3600, 'applied by hand');
    scheduling.clock('restart');
    await until('the entry again', () => engine.groups().includes('a+b'));
    engine.platform.at = (stage, group) => {
      if (stage === 'start' && group.includes('c')) throw new Error('no luck');
    };
    await scheduling.replace([entry(0, [['a', 'c']])]);
    await until('the error', () => scheduling.view().error);
    assert.equal(inForce(), null, 'the entry that serves is not in the schedule any more');
  });
});

describe('an optimizer on the engine', () => {
  it('sees Tasks, setup and traces, and gets the result of each setup', async (t) => {
    const seen: unknown[] = [];
    async function* setups(view: OptimizerView): AsyncGenerator<Setup, void, ApplyResult> {
      seen.push(view.tasks(), view.setup(), view.traces().length);
      seen.push(yield [['a', 'b']]);
      seen.push(view.setup());
      seen.push(yield [['a'], ['a']]);
      seen.push('end');
    }
    const { engine, errors } = await start(t, { optimizer: { name: 'mine', setups } });
    await until('its end', () => seen.at(-1) === 'end');
    const [tasks, before, traces, first, after, second] = seen;
    assert.deepEqual([tasks, before, traces, first], [['a', 'b', 'c'], [['a'], ['b'], ['c']], 0, { ok: true }]);
    assert.deepEqual(after, engine.fusionizer.setupView().actual);
    assert.match((second as { error: string }).error, /'a' is named twice/);
    assert.match(errors.join(), /The mine optimizer: It yielded .* which is not a Fusion Setup/);
  });

  it('that ends says so, once, to the log and to followers', async (t) => {
    async function* setups(): AsyncGenerator<Setup, void, ApplyResult> {
      yield [['a', 'b']];
    }
    const { warnings, views, scheduling } = await start(t, { optimizer: { name: 'mine', setups } });
    assert.deepEqual(scheduling.view().optimizer, { name: 'mine', state: 'running', error: null });
    await until('its end', () => views.some(({ optimizer }) => optimizer.state === 'ended'));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^The optimizer 'mine' has ended: the setup stays as it is/);
    assert.equal(scheduling.view().optimizer.error, null);
  });

  it('that fails is logged, and the setup stays', async (t) => {
    const setups = (): AsyncGenerator<Setup, void, ApplyResult> => {
      throw new Error('out of ideas');
    };
    const { engine, errors, scheduling } = await start(t, { optimizer: { name: 'mine', setups } });
    await until('the error', () => errors.length > 0);
    assert.deepEqual([errors, engine.groups()], [['The mine optimizer: out of ideas'], ['a', 'b', 'c']]);
    const ended = { name: 'mine', state: 'ended', error: 'out of ideas' };
    await until('its end', () => scheduling.view().optimizer.state === 'ended');
    assert.deepEqual(scheduling.view().optimizer, ended);
  });
});
