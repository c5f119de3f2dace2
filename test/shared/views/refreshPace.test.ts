import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefreshPace } from '../../../src/shared/views/refreshPace.ts';

test('many events refresh a view at most twice a second, and once more after the last one', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let refreshes = 0;
  const pace = new RefreshPace(() => {
    refreshes += 1;
  });
  pace.note();
  assert.equal(refreshes, 0);
  t.mock.timers.tick(50);
  assert.equal(refreshes, 1, 'soon after the first event');
  for (let n = 0; n < 100; n += 1) {
    pace.note();
    t.mock.timers.tick(10);
  }
  assert.equal(refreshes, 3, 'in one second');
  t.mock.timers.tick(10_000);
  assert.equal(refreshes, 4, 'once more when all has ended');
  pace.note();
  pace.dispose();
  t.mock.timers.tick(10_000);
  assert.equal(refreshes, 4, 'none after its end');
});
