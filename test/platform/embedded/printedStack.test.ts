import assert from 'node:assert/strict';
import { it } from 'node:test';
import { usersLine } from '../../../src/platform/embedded/workers/printedStack.ts';

const OURS = '/opt/x/dispatcher/nodejs/fusionizer_dispatcher';

it("a printed stack has the user's frames", () => {
  for (const [line, expected = line] of [
    ['Error: no such order'],
    ['    at fail (/home/me/order/main.js:3:5)'],
    ['    at Object.readFileSync (node:fs:452:35)'],
    ['    at new URL (node:internal/url:806:29)'],
    [`    at ${OURS}/run_handler.js:15:74`, null],
    [`    at OuterCall.run (${OURS}/call.js:57:16)`, null],
    ['    at async C:\\x\\nodejs\\fusionizer_worker\\event_loop.js:88:19', null],
    ['    at AsyncResource.runInAsyncScope (node:async_hooks:206:9)', null],
    ['    at process.processTimers (node:internal/timers:519:7)', null],
    ['        at Module._compile (node:internal/modules/cjs/loader:1521:14)', null],
    ['    at node:internal/deps/undici/undici:14976:13', null],
    [`    at #run (${OURS}/event_loop.js:88:19) {`, '    {'],
    ['    ... 7 lines matching cause stack trace ...', null],
    ['    ... 7 lines matching cause stack trace ... {', '    {'],
    [`see ${OURS}/call.js:57:16`],
    [`    at the place ${OURS}/call.js`],
    [`    at ${'x'.repeat(1000)} (${OURS}/call.js:57:16)`],
  ] as [string, (string | null)?][])
    assert.equal(usersLine(line) ?? null, expected);
});

it('no line takes long', () => {
  const began = performance.now();
  for (const line of [
    `    at ${':1'.repeat(480)}`,
    `    at node:async_hooks:${'1'.repeat(900)}`,
    `    at (node:async_hooks:${'1:1'.repeat(300)}`,
  ])
    for (let times = 0; times < 100; times++) usersLine(line);
  assert.ok(performance.now() - began < 1000);
});
