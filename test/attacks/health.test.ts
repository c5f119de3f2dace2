import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Answer, request } from '../support/server.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { saying } from '../support/tasks.ts';

/** Far more than it takes, in milliseconds, as other tests run at the same time. It took 4 to 60 s. */
const BOUND = 2000;

const names = (count: number, prefix = 't'): string[] => Array.from({ length: count }, (_, index) => prefix + index);

const REQUESTS: readonly [what: string, method: string, target: string, status: number, body: string][] = [
  ['20,000 names by themselves', 'PUT', '/-/setup', 200, JSON.stringify(names(20_000).map((name) => [name]))],
  ['20,000 names in one group', 'PUT', '/-/setup', 200, JSON.stringify([names(20_000)])],
  ['20,000 other names', 'PATCH', '/-/setup', 200, JSON.stringify([names(20_000, 'o')])],
  ['one name again and again', 'PUT', '/-/setup', 400, `[${Array(29_000).fill('["a"]').join(',')}]`],
  ['no name', 'PUT', '/-/setup', 200, '[]'],
  ['as many names as fit', 'PUT', '/-/setup', 413, `[["a${names(200_000, '').join('","a').slice(0, 1_000_000)}"]]`],
  ['wrong values', 'PUT', '/-/setup', 413, `[${Array(500_000).fill(1).join()}]`],
  ['brackets', 'PUT', '/-/setup', 413, '['.repeat(1_000_000)],
  ['unknown keys', 'PUT', '/-/schedule', 400, `{${names(50_000).map((name) => `"${name}":1`)}}`],
  ['wrong traces', 'POST', '/-/traces', 413, `[${Array(300_000).fill('{}').join()}]`],
];

describe('no request of at most 1 MiB keeps the server from answering others', () => {
  it('whatever setups, schedules and traces it holds', async (t) => {
    const server = await ServerProcess.start(t, 30_000);
    await server.deploy('a', saying('a'));
    for (const [what, method, target, status, body] of REQUESTS) {
      assert.ok(body.length <= 1024 ** 2, what);
      let answer: Answer | undefined;
      const sent = request(server.url, target, { method, headers: { 'Content-Type': 'application/json' }, body });
      void sent.then((came) => {
        answer = came;
      });
      let longest = 0;
      for (; answer === undefined; await setImmediate()) longest = Math.max(longest, await server.delay());
      assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 200)}`);
      assert.ok(longest < BOUND, `${what}: the server did not answer for ${longest} ms`);
    }
  });
});
