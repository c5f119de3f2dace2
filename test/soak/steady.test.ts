import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seedOfRun } from './random.ts';
import { SteadyRun } from './steadyRun.ts';

const SECONDS = 30;

describe(`${SECONDS} seconds of mixed load with re-fusions, deploys and deletes`, () => {
  it('cause no failure, and leave memory and open files of server and workers flat', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`seed ${seed}: FUSIONIZER_SEED=${seed} repeats this run`);
    const run = await SteadyRun.start(seed);
    t.after(() => run.close());
    const report = await run.run(SECONDS);
    assert.deepEqual(report.load.failures, []);
    assert.deepEqual(report.wrong, []);
    assert.ok(report.events > 0);
    for (const [who, { memory, files }] of Object.entries(report.samples)) {
      t.diagnostic(
        `${who}: ${memory.start.toFixed()} to ${memory.end.toFixed()} MiB, ${files.start} to ${files.end} open files`,
      );
      // In such a short run, bounded buffers (traces, events, logs) still fill. `npm run soak` has the narrow bound.
      assert.ok(memory.end < memory.start * 2, `memory of ${who} went from ${memory.start} to ${memory.end} MiB`);
      assert.ok(files.end <= files.start + 10, `open files of ${who} went from ${files.start} to ${files.end}`);
    }
  });
});
