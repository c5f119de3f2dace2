import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { TestEngine } from '../fakes/engine.ts';
import { type Change, changes, check, type Model, outcomes, type Result, send } from './model.ts';

/** A deploy takes about as many turns of the event loop. */
const MAX_TURNS = 60;

/** Changes that are sent at the same time, and what goes wrong meanwhile. */
interface Batch {
  changes: readonly Change[];
  /** The function that is at this stage fails there: the how-manieth of the batch. */
  fault: { stage: 'build' | 'start'; at: number } | undefined;
  /** The server is killed after so many turns of the event loop. */
  kill: number | undefined;
}

const batches: fc.Arbitrary<Batch> = fc.record({
  changes: fc.array(
    changes.filter(({ kind }) => kind !== 'restart'),
    { minLength: 1, maxLength: 3 },
  ),
  fault: fc.option(fc.record({ stage: fc.constantFrom('build' as const, 'start' as const), at: fc.nat(2) }), {
    nil: undefined,
    freq: 2,
  }),
  kill: fc.option(fc.nat(MAX_TURNS), { nil: undefined, freq: 2 }),
});

/** All ways to leave some out. */
function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

/** Sends the changes, and kills the server. @returns the model that the next run is in */
async function run(engine: TestEngine, model: Model, batch: Batch): Promise<Model> {
  const { fault, kill } = batch;
  let passed = 0;
  engine.platform.at = (stage) => {
    if (stage === fault?.stage && passed++ === fault.at) throw new Error('failed on purpose');
  };
  const results = new Map<Change, Result>();
  const sent = batch.changes.map(async (change) => results.set(change, await send(engine, change)));
  if (kill === undefined) await Promise.all(sent);
  else for (let turns = 0; turns < kill && results.size < sent.length; turns++) await turn();
  const apart = engine.fusionizer.setupView().apart.map(({ task }) => task);
  engine.platform.at = () => {};
  for (const result of results.values())
    if (result)
      assert.match(result.code, /^(not-found|superseded|source|task|setup|platform|internal)$/, result.message);
  const acknowledged = [...results].filter(([, result]) => result === undefined).map(([change]) => change);
  const open = batch.changes.filter((change) => !results.has(change));
  // The kill follows at once: no change can be acknowledged in between.
  if (kill !== undefined) {
    await engine.kill();
    // A function that had started, but was not in the state yet: on a cluster it stays until it is pruned.
    for (const name of await engine.fusionizer.leftovers.find()) await engine.platform.remove(name);
  }
  const forgotten = new Set([...model.forgotten, ...(kill === undefined ? [] : apart)]);
  const candidates = subsets(open).flatMap((some) => outcomes({ ...model, forgotten }, [...acknowledged, ...some]));
  return check(engine, candidates);
}

describe('a server that is killed', () => {
  for (const cluster of [undefined, new Map()]) {
    const where = cluster ? 'functions that outlive the server' : 'functions that end with the server';
    it(`serves all that it acknowledged, of the rest all or nothing, and the desired setup: ${where}`, async (t) => {
      const engine = await TestEngine.start(t, cluster ? { cluster } : {});
      await fc.assert(
        fc.asyncProperty(fc.array(batches, { minLength: 2, maxLength: 6 }), async (all) => {
          await engine.put([]);
          for (const name of engine.fusionizer.taskNames) await engine.fusionizer.delete(name);
          let model: Model = { tasks: new Map(), desired: [], forgotten: new Set() };
          for (const batch of all) model = await run(engine, model, batch);
        }),
        { numRuns: Number(process.env['FUSIONIZER_RUNS'] ?? 8), endOnFailure: true, includeErrorInReport: true },
      );
    });
  }
});
