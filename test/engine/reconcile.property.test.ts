import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TestEngine } from '../fakes/engine.ts';
import { apply, type Change, changes, check, conflicts, isOther, type Model, outcomes, send } from './model.ts';

/** One change by itself: what may become of it, and that it changes all or nothing. */
async function changeOne(engine: TestEngine, model: Model, change: Change): Promise<Model> {
  const { revision: before, apart } = engine.fusionizer.setupView();
  const failure = await send(engine, change);
  const forgotten = new Set([...model.forgotten, ...(change.kind === 'restart' ? apart.map(({ task }) => task) : [])]);
  const after = { ...apply(model, change), forgotten };
  const label = `${JSON.stringify(change)}: ${failure?.message}`;
  if (change.kind === 'restart') assert.equal(failure, undefined, label);
  else if (change.kind === 'broken') assert.equal(failure?.code, 'task', label);
  else if (change.kind === 'delete')
    assert.equal(failure?.code, model.tasks.has(change.name) ? undefined : 'not-found');
  else if (change.kind === 'deploy' && isOther(model, change)) assert.equal(failure?.code, 'source', label);
  else if (change.kind === 'put') assert.equal(failure?.code, conflicts(after) ? 'setup' : undefined, label);
  else if (failure) {
    assert.match(failure.code, /^(task|setup)$/, label);
    assert.ok(conflicts(after), label);
    // A new Task that does not fit serves alone. Only one that was there can be refused.
    if (change.kind === 'deploy') assert.ok(model.tasks.has(change.name), label);
  }
  if (failure) assert.equal(engine.fusionizer.setupView().revision, before, label);
  return check(engine, [failure ? model : after]);
}

/** Changes sent at the same time: the outcome is that of those that succeeded, one after the other in some order. */
async function changeTogether(engine: TestEngine, model: Model, together: readonly Change[]): Promise<Model> {
  const results = await Promise.all(together.map((change) => send(engine, change)));
  const done = together.filter((_, index) => results[index] === undefined);
  for (const result of results)
    if (result) assert.match(result.code, /^(not-found|superseded|source|task|setup)$/, result.message);
  return check(engine, outcomes(model, done));
}

describe('reconciliation', () => {
  for (const cluster of [undefined, new Map()]) {
    const where = cluster ? 'functions that outlive the server' : 'functions that end with the server';
    it(`ends random changes, some at the same time, in the desired setup or in the old one: ${where}`, async (t) => {
      const engine = await TestEngine.start(t, cluster ? { cluster } : {});
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(changes, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 8 }),
          async (batches) => {
            await engine.put([]);
            for (const name of engine.fusionizer.taskNames) await engine.fusionizer.delete(name);
            let model: Model = { tasks: new Map(), desired: [], forgotten: new Set() };
            for (const batch of batches) {
              // A restart has nothing at its side.
              const together = batch.filter(({ kind }) => kind !== 'restart');
              const [only] = batch;
              model =
                together.length > 1
                  ? await changeTogether(engine, model, together)
                  : await changeOne(engine, model, together[0] ?? only ?? assert.fail());
            }
          },
        ),
        { numRuns: Number(process.env['FUSIONIZER_RUNS'] ?? 8), endOnFailure: true, includeErrorInReport: true },
      );
    });
  }
});
