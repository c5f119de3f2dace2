import { describe, it } from 'node:test';
import { CrashRun } from './crashRun.ts';
import { seedOfRun } from './random.ts';

describe('a server killed at any moment, under load', () => {
  it('serves all changes with the answer 200 after its restart, and leaves nothing behind', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`seed ${seed}: FUSIONIZER_SEED=${seed} repeats this run`);
    const run = await CrashRun.start(seed);
    t.after(() => run.close());
    for (let kill = 0; kill < 5; kill += 1) await run.changeKillAndCheck();
  });
});
