import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FusionizerError } from '../../src/shared/errors.ts';
import { normalForm, patchSetup, targetGroups, withoutLoners, withoutName } from '../../src/shared/setup.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import type { TestEngine } from '../fakes/engine.ts';
import { saying } from '../support/tasks.ts';

const NAMES = ['a', 'b', 'c', 'd'];

/** Tasks whose variable MODE differs cannot be in one group. */
type Mode = 'x' | 'y' | undefined;
export type Change =
  | { kind: 'deploy'; name: string; text: string; mode: Mode; from: string | undefined; replace: boolean }
  | { kind: 'broken'; name: string }
  | { kind: 'delete'; name: string }
  | { kind: 'restart'; crash: boolean }
  | { kind: 'put' | 'patch'; groups: Setup };

export interface Model {
  tasks: ReadonlyMap<string, { text: string; mode: Mode; from: string | undefined }>;
  desired: Setup;
  /** Tasks that were apart from their group when the server was restarted: it does not remember why. */
  forgotten: ReadonlySet<string>;
}

const names = fc.constantFrom(...NAMES);
const setups = fc
  .tuple(
    fc.shuffledSubarray(NAMES, { minLength: 1 }),
    fc.array(fc.nat(2), { minLength: NAMES.length, maxLength: NAMES.length }),
  )
  .map(
    ([picked, groups]): Setup =>
      [0, 1, 2]
        .map((group) => picked.filter((_, index) => groups[index] === group))
        .filter((group) => group.length > 0),
  );
const mode = fc.constantFrom<Mode>(undefined, undefined, 'x', 'y');
export const changes: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deploy' as const),
      name: names,
      text: fc.stringMatching(/^[a-z]{3}$/),
      mode,
      // Paths that are on no machine: only their text counts.
      from: fc.constantFrom(undefined, '/nowhere/one', '/nowhere/two'),
      replace: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broken' as const), name: names }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name: names }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), crash: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('put' as const, 'patch' as const), groups: setups }) },
);

/** What became of a change: undefined, or the error's code and message. */
export type Result = { code: string; message: string } | undefined;

export async function send(engine: TestEngine, change: Change): Promise<Result> {
  try {
    await request(engine, change);
    return undefined;
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    return error;
  }
}

async function request(engine: TestEngine, change: Change): Promise<unknown> {
  switch (change.kind) {
    case 'deploy': {
      const env = change.mode === undefined ? '' : `  env:\n    - {name: MODE, value: ${change.mode}}\n`;
      const { name, text, from, replace } = change;
      return engine.deploy(name, saying(text, 'nodejs', env), {
        replace,
        ...(from === undefined ? {} : { source: from }),
      });
    }
    case 'broken':
      return engine.deploy(change.name, { ...saying(''), 'main.js': "throw new Error('broken on purpose');" });
    case 'delete':
      return engine.fusionizer.delete(change.name);
    case 'restart':
      return engine.restart({ crash: change.crash });
    default:
      return engine.put(change.groups, { kind: change.kind });
  }
}

type Deploy = Extract<Change, { kind: 'deploy' }>;

/** Whether a deploy would replace the Task of another source without saying so. */
export function isOther({ tasks }: Model, { name, from, replace }: Deploy): boolean {
  const deployed = tasks.get(name)?.from;
  return !replace && from !== undefined && deployed !== undefined && from !== deployed;
}

/** Unchanged content from nowhere in particular is not deployed again. */
function sourceAfter({ tasks }: Model, { name, text, mode, from }: Deploy): string | undefined {
  const old = tasks.get(name);
  return from ?? (old?.text === text && old.mode === mode ? old.from : undefined);
}

/** The models that changes may lead to which succeeded one after the other in some order. */
export function outcomes(model: Model, changes: readonly Change[]): Model[] {
  return permutations(changes).flatMap((order) => {
    let now = model;
    for (const change of order) {
      if (change.kind === 'deploy' && isOther(now, change)) return [];
      now = apply(now, change);
    }
    return [now];
  });
}

/** What a change that succeeded makes of the model. */
export function apply(model: Model, change: Change): Model {
  const { tasks, desired } = model;
  switch (change.kind) {
    case 'deploy':
      return { ...model, tasks: new Map([...tasks, [change.name, { ...change, from: sourceAfter(model, change) }]]) };
    case 'broken':
    case 'restart':
      return model;
    case 'delete': {
      const left = new Map([...tasks].filter(([name]) => name !== change.name));
      return { ...model, tasks: left, desired: withoutLoners(withoutName(desired, change.name), left.keys()) };
    }
    default: {
      const next = change.kind === 'put' ? change.groups : patchSetup(desired, change.groups);
      return { ...model, desired: withoutLoners(next, tasks.keys()) };
    }
  }
}

export const conflicts = ({ tasks, desired }: Model): boolean =>
  targetGroups(desired, tasks.keys()).some(
    (group) => new Set(group.flatMap((name) => tasks.get(name)?.mode ?? [])).size > 1,
  );

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const written = ({ tasks, desired }: Model): string =>
  JSON.stringify([
    [...tasks].map(([name, { text, from }]) => `${name}: ${text} from ${from}`).sort(),
    normalForm(desired),
    desired.flat().sort(),
  ]);

/** What holds whenever no change is under way. @returns the model that the engine is in */
export async function check(engine: TestEngine, candidates: readonly Model[]): Promise<Model> {
  const setup = engine.fusionizer.setupView();
  const deployed = [...engine.fusionizer.taskNames].sort();
  assert.deepEqual(setup.actual.flat().sort(), deployed, 'the actual setup is a partition of the deployed Tasks');
  const texts = await Promise.all(
    deployed.map(async (name) => {
      const { source } = engine.fusionizer.taskView(name);
      return `${name}: ${await engine.invoke(name)} from ${source ?? undefined}`;
    }),
  );
  const seen = JSON.stringify([texts.sort(), normalForm(setup.desired), setup.desired.flat().sort()]);
  const model = candidates.find((candidate) => written(candidate) === seen);
  assert.ok(model, `${seen} is not one of ${candidates.map(written).join(' or ')}`);
  const apart = new Set(setup.apart.map(({ task }) => task));
  for (const group of targetGroups(setup.desired, deployed)) {
    if (group.some((name) => apart.has(name) || model.forgotten.has(name))) continue;
    assert.ok(
      setup.actual.map((one) => [...one].sort().join()).includes([...group].sort().join()),
      `${group} is one function, as is desired`,
    );
  }
  // Every name is served by exactly one function, and every function that was replaced is gone.
  await engine.settled();
  const groups = engine.fusionizer.functions.map(({ group }) => group);
  assert.deepEqual(groups.flat().sort(), deployed);
  const names = engine.platform.deployed.map(({ name }) => name);
  assert.equal(names.length, new Set(names).size, 'no function name repeats');
  assert.deepEqual(await engine.fusionizer.leftovers.find(), []);
  return model;
}
