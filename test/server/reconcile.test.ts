import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Setup, SetupView } from '../../src/shared/api.ts';
import { normalForm, patchSetup, targetGroups, withoutName } from '../../src/shared/setup.ts';
import { type Answer, TestServer } from '../support/server.ts';
import { saying } from '../support/tasks.ts';

const NAMES = ['a', 'b', 'c', 'd'];

/** Tasks whose variable MODE differs cannot be in one group. */
type Mode = 'x' | 'y' | undefined;
type Change =
  | { kind: 'deploy'; name: string; text: string; mode: Mode }
  | { kind: 'broken'; name: string }
  | { kind: 'delete'; name: string }
  | { kind: 'put' | 'patch'; groups: Setup };

interface Model {
  tasks: ReadonlyMap<string, { text: string; mode: Mode }>;
  desired: Setup;
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
const changes: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deploy' as const),
      name: names,
      text: fc.stringMatching(/^[a-z]{3}$/),
      mode,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broken' as const), name: names }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name: names }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('put' as const, 'patch' as const), groups: setups }) },
);

function send(server: TestServer, change: Change): Promise<Answer> {
  switch (change.kind) {
    case 'deploy': {
      const env = change.mode === undefined ? '' : `  env:\n    - {name: MODE, value: ${change.mode}}\n`;
      return server.put(change.name, saying(change.text, 'nodejs', env));
    }
    case 'broken':
      return server.put(change.name, { ...saying(''), 'main.js': "throw new Error('broken on purpose');" });
    case 'delete':
      return server.request(`/${change.name}`, { method: 'DELETE' });
    default:
      return server.changeSetup(change.kind === 'put' ? 'PUT' : 'PATCH', change.groups);
  }
}

/** What a change that was answered with 200 makes of the model. */
function apply({ tasks, desired }: Model, change: Change): Model {
  switch (change.kind) {
    case 'deploy':
      return { tasks: new Map([...tasks, [change.name, change]]), desired };
    case 'broken':
      return { tasks, desired };
    case 'delete':
      return {
        tasks: new Map([...tasks].filter(([name]) => name !== change.name)),
        desired: withoutName(desired, change.name),
      };
    default:
      return { tasks, desired: change.kind === 'put' ? change.groups : patchSetup(desired, change.groups) };
  }
}

const conflicts = ({ tasks, desired }: Model): boolean =>
  targetGroups(desired, tasks.keys()).some(
    (group) => new Set(group.flatMap((name) => tasks.get(name)?.mode ?? [])).size > 1,
  );

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const written = ({ tasks, desired }: Model): string =>
  JSON.stringify([
    [...tasks].map(([name, { text }]) => `${name}: ${text}`).sort(),
    normalForm(desired),
    desired.flat().sort(),
  ]);

/** What holds at every moment at which nothing changes; the model as the server shows it. */
async function check(server: TestServer, candidates: readonly Model[]): Promise<Model> {
  const setup = (await server.request('/-/setup')).json<SetupView>();
  const served = await Promise.all(NAMES.map(async (name) => [name, await server.post(name)] as const));
  const deployed = served.filter(([, { status }]) => status === 200).map(([name]) => name);
  for (const [name, { status, text }] of served)
    assert.ok(status === 200 || status === 404, `${name}: ${status} ${text}`);
  assert.deepEqual(setup.actual.flat().sort(), deployed, 'the actual setup is a partition of the deployed Tasks');
  const seen = JSON.stringify([
    served.flatMap(([name, { status, text }]) => (status === 200 ? [`${name}: ${text}`] : [])).sort(),
    normalForm(setup.desired),
    setup.desired.flat().sort(),
  ]);
  const model = candidates.find((candidate) => written(candidate) === seen);
  assert.ok(model, `${seen} is none of ${candidates.map(written).join(' or ')}`);
  const apart = new Set(setup.apart.map(({ task }) => task));
  for (const group of targetGroups(setup.desired, deployed)) {
    if (group.some((name) => apart.has(name))) continue;
    assert.ok(
      setup.actual.map((one) => [...one].sort().join()).includes([...group].sort().join()),
      `${group} is one function, as is desired`,
    );
  }
  return model;
}

/** One change by itself: what it may be answered with, and that it changes all or nothing. */
async function changeOne(server: TestServer, model: Model, change: Change): Promise<Model> {
  const before = (await server.setup()).revision;
  const answer = await send(server, change);
  const after = apply(model, change);
  const label = `${JSON.stringify(change)}: ${answer.status} ${answer.text}`;
  if (change.kind === 'broken') assert.equal(answer.status, 422, label);
  else if (change.kind === 'delete') assert.equal(answer.status, model.tasks.has(change.name) ? 200 : 404, label);
  else if (change.kind === 'put') assert.equal(answer.status, conflicts(after) ? 422 : 200, label);
  else if (answer.status !== 200) {
    assert.equal(answer.status, 422, label);
    assert.ok(conflicts(after), label);
    // A new Task that does not fit serves alone; only one that was there can be refused.
    if (change.kind === 'deploy') assert.ok(model.tasks.has(change.name), label);
  }
  if (answer.status !== 200) {
    assert.ok(answer.text.length > 20, label);
    assert.equal((await server.setup()).revision, before, label);
  }
  return check(server, [answer.status === 200 ? after : model]);
}

/** Changes sent at the same time: the outcome is that of those which were answered with 200, one after the other. */
async function changeTogether(server: TestServer, model: Model, together: readonly Change[]): Promise<Model> {
  const answers = await Promise.all(together.map((change) => send(server, change)));
  const done = together.filter((_, index) => answers[index]?.status === 200);
  for (const { status, text } of answers) assert.ok([200, 404, 409, 422].includes(status), `${status} ${text}`);
  return check(
    server,
    permutations(done).map((order) => order.reduce(apply, model)),
  );
}

describe('reconciliation', () => {
  it('ends random sequences of changes, some at the same time, in the desired setup, or in the old one with an error', async (t) => {
    const server = await TestServer.start(t);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(changes, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 8 }),
        async (batches) => {
          await server.changeSetup('PUT', []);
          for (const name of NAMES) await server.request(`/${name}`, { method: 'DELETE' });
          let model: Model = { tasks: new Map(), desired: [] };
          for (const batch of batches) {
            const [only] = batch;
            model =
              batch.length === 1 && only
                ? await changeOne(server, model, only)
                : await changeTogether(server, model, batch);
          }
        },
      ),
      { numRuns: Number(process.env['FUSIONIZER_RUNS'] ?? 8), endOnFailure: true },
    );
  });
});
