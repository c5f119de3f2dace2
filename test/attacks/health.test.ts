import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { request } from '../support/server.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { ATTACKS, deployTargets } from './large/all.ts';
import { MIB } from './large/attack.ts';

/** In milliseconds of the server's CPU time, which other tests at the same time do not change. */
const LONGEST_TURN = 250;
/** By the clock, in milliseconds: far more than it takes, as other tests run at the same time. It took 1 to 60 s. */
const LONGEST_WAIT = 2000;

// `npm run bench` sends the slow ones, too.
describe('no request of at most 1 MiB keeps the server from answering others', () => {
  let server: ServerProcess;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await ServerProcess.start({ after: (end) => ends.unshift(end) }, 30_000);
    await deployTargets(server);
  });
  after(async () => {
    for (const end of ends) await end();
  });
  for (const [what, attacks] of Object.entries(ATTACKS))
    it(what, async () => {
      for (const { what, method, target, headers = {}, body: make, status, slow } of attacks) {
        if (slow) continue;
        const body = make?.();
        assert.ok(body === undefined || Buffer.byteLength(body) <= MIB, what);
        const sent = request(server.url, target, { method, headers, ...(body === undefined ? {} : { body }) });
        const { result, waits } = await server.during(sent);
        assert.equal(result.status, status, `${what}: ${result.text.slice(0, 200)}`);
        assert.ok(waits.cpu < LONGEST_TURN, `${what}: the server was busy for ${waits.cpu} ms`);
        assert.ok(waits.clock < LONGEST_WAIT, `${what}: the server did not answer for ${waits.clock} ms`);
      }
    });
});
