import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ModelChange, SetupModel } from '../../../src/extension/setup/setupModel.ts';
import type { Operation, TaskView } from '../../../src/shared/api.ts';
import { folderFixture, scheduleFixture, setupFixture, taskFixture } from '../../support/views.ts';

const operation = (
  task: string,
  state: Operation['state'],
  stage: Operation['stages'][number]['stage'] = 'build',
): Operation => ({
  id: `deploy of ${task}`,
  kind: 'deploy',
  tasks: [task],
  state,
  stages: [{ stage, at: '2026-01-01T00:00:00.000Z' }],
  log: [],
  warnings: [],
  result: null,
  error: state === 'failed' ? { type: 'about:blank', title: '', status: 422, detail: 'why', code: 'task' } : null,
  source: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
});

function modelOf(tasks: readonly TaskView[]): { model: SetupModel; changes: ModelChange[] } {
  const model = new SetupModel();
  model.setFolders(tasks.map(({ name }) => folderFixture(name)));
  model.read({ tasks, setup: setupFixture(), schedule: scheduleFixture() });
  const changes: ModelChange[] = [];
  model.onChange((change) => changes.push(change));
  return { model, changes };
}

describe('the model of the view', () => {
  const names = Array.from({ length: 200 }, (_, index) => `task-${index}`);

  it('changes one row by one event, of 200 Tasks', () => {
    const { model, changes } = modelOf(names.map((name) => taskFixture(name)));
    model.apply({ name: 'task', id: '1', data: { name: 'task-77', task: taskFixture('task-77', { calls: 5 }) } });
    model.apply({ name: 'operation', id: '2', data: operation('task-5', 'running') });
    assert.deepEqual(
      changes.map(({ structure, keys }) => [structure, ...keys]),
      [
        [false, 'task:task-77'],
        [false, 'task:task-5'],
      ],
    );
  });

  it('has its folders by name, in whatever order a search finds them', () => {
    const { model } = modelOf(['b', 'c', 'a'].map((name) => taskFixture(name)));
    assert.deepEqual(
      model.folders.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  it('changes nothing where an event brings nothing new', () => {
    const { model, changes } = modelOf([taskFixture('a')]);
    model.apply({ name: 'task', id: '1', data: { name: 'a', task: taskFixture('a') } });
    assert.deepEqual(
      changes.map(({ structure, keys }) => [structure, keys.size]),
      [[false, 0]],
    );
  });

  it('reads all again when rows come, go or move', () => {
    const { model, changes } = modelOf([taskFixture('a'), taskFixture('b')]);
    for (const name of ['a', 'b'])
      model.apply({ name: 'task', id: name, data: { name, task: taskFixture(name, { group: ['a', 'b'] }) } });
    assert.equal(changes.at(-1)?.structure, true);
    assert.deepEqual(
      model.rows.map(({ key }) => key),
      ['group:a,b'],
    );
    model.apply({ name: 'task', id: '3', data: { name: 'b', task: null } });
    assert.equal(changes.at(-1)?.structure, true);
  });

  it('keeps the cause of a failed deploy until the next one succeeds', () => {
    const { model } = modelOf([]);
    model.setFolders([folderFixture('a')]);
    model.apply({ name: 'operation', id: '1', data: operation('a', 'running') });
    assert.equal(model.taskRows[0]?.stage, 'build');
    model.apply({ name: 'operation', id: '2', data: operation('a', 'failed') });
    assert.deepEqual([model.taskRows[0]?.state, model.taskRows[0]?.error], ['error', 'why']);
    model.apply({ name: 'operation', id: '3', data: operation('a', 'done') });
    assert.equal(model.taskRows[0]?.state, 'not-deployed');
  });

  it('forgets the error of a folder when the folder appears or changes, not when its hash becomes known', () => {
    const { model } = modelOf([]);
    const states = (): string[] => model.taskRows.map(({ state }) => state);
    model.setFolderError('/work/a', 'There is no function.yaml');
    assert.deepEqual(states(), []);
    model.setFolders([folderFixture('a', '/work/a', { hash: undefined })]);
    assert.deepEqual(states(), ['not-deployed']);
    model.setFolderError('/work/a', 'why');
    model.setFolders([folderFixture('a', '/work/a', { hash: 'a' })]);
    assert.deepEqual([...states(), model.taskRows[0]?.error], ['error', 'why']);
    model.setFolders([folderFixture('a', '/work/a', { hash: 'b' })]);
    assert.deepEqual(states(), ['not-deployed']);
    model.setFolderError('/work/a', 'why');
    model.setFolderError('/work/a', undefined);
    assert.deepEqual(states(), ['not-deployed']);
  });

  it('tells why a folder could not be sent at that folder alone, whatever others are called', () => {
    const { model } = modelOf([]);
    model.setFolders([folderFixture('a', '/one/a'), folderFixture('a', '/two/a')]);
    model.setFolderError('/two/a', 'why');
    assert.deepEqual(
      model.taskRows.map(({ folder, state }) => [folder?.path, state]),
      [
        ['/one/a', 'not-deployed'],
        ['/two/a', 'error'],
      ],
    );
  });

  it("tells why another folder's deploy failed at that folder, and not at the Task that serves", () => {
    const served = { ...taskFixture('a'), source: '/one/a' };
    const { model } = modelOf([served]);
    model.setFolders([folderFixture('a', '/one/a'), folderFixture('a', '/two/a')]);
    const states = () => model.taskRows.map(({ folder, state }) => [folder?.path, state]);
    const failed = (source: string | null) => ({ ...operation('a', 'failed'), source });
    model.apply({ name: 'operation', id: '1', data: failed('/two/a') });
    assert.deepEqual(states(), [
      ['/one/a', 'ready'],
      ['/two/a', 'error'],
    ]);
    model.forgetError('a');
    model.setError('a', '/one/a', 'why');
    assert.deepEqual(states()[0], ['/one/a', 'error']);
  });

  it('knows nothing of a server that is gone', () => {
    const { model } = modelOf([taskFixture('a')]);
    model.forget();
    assert.deepEqual([model.taskRows.map(({ state }) => state), model.setup], [['not-deployed'], undefined]);
  });

  it('shows each Task and each folder exactly once, and every key once, whatever comes', () => {
    const name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd');
    const group = fc.uniqueArray(name, { minLength: 1 });
    const world = fc.record({
      deployed: fc.uniqueArray(name),
      groups: fc.array(group),
      folders: fc.uniqueArray(fc.tuple(name, fc.constantFrom('/x', '/y')), { selector: String }),
    });
    fc.assert(
      fc.property(world, ({ deployed, groups, folders }) => {
        const groupOf = (one: string): string[] =>
          (groups.find((members) => members.includes(one)) ?? [one]).filter((member) => deployed.includes(member));
        const model = new SetupModel();
        model.setFolders(folders.map(([one, root]) => folderFixture(one, `${root}/${one}`)));
        model.read({
          tasks: deployed.map((one) => taskFixture(one, { group: groupOf(one), source: `/x/${one}` })),
          setup: setupFixture(),
          schedule: scheduleFixture(),
        });
        const rows = model.taskRows;
        assert.deepEqual(rows.flatMap(({ task }) => task?.name ?? []).sort(), [...deployed].sort());
        assert.deepEqual(
          rows.flatMap(({ folder }) => folder?.path ?? []).sort(),
          folders.map(([one, root]) => `${root}/${one}`).sort(),
        );
        assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
      }),
    );
  });
});
