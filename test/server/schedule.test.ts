import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ScheduleView } from '../../src/shared/scheduleApi.ts';
import { type Answer, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';

async function withSchedule(t: TestContext, schedule: unknown): Promise<{ server: TestServer; file: string }> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-schedule-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'schedule.json');
  await writeFile(file, JSON.stringify(schedule));
  return { server: await TestServer.start(t, { schedule: file }), file };
}

const update = (server: TestServer, body: unknown): Promise<Answer> =>
  server.request('/-/schedule', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('a schedule', () => {
  it('is paused, changed and applied through the API, and written to its file', async (t) => {
    const { server, file } = await withSchedule(t, {});
    for (const name of ['a', 'b']) await server.deploy(name, saying(name));
    assert.equal((await update(server, { clock: 'pause' })).json<ScheduleView>().clock.state, 'paused');
    const changed = (await update(server, { entries: { '0': [['a']], '3600': [['a', 'b']] } })).json<ScheduleView>();
    assert.deepEqual([changed.inForce, changed.next], [0, 3600]);
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { '0': [['a']], '3600': [['a', 'b']] });
    assert.equal((await update(server, { apply: 3600 })).status, 200);
    assert.deepEqual(await server.groups(), ['a+b']);
    assert.equal((await update(server, { apply: 7 })).status, 404);
    for (const wrong of [
      { entries: { '-1': [] } },
      { entries: { '1.5': [] } },
      { clock: 'stop' },
      { apply: -1 },
      { other: 1 },
    ]) {
      assert.equal((await update(server, wrong)).status, 400, JSON.stringify(wrong));
    }
  });
});

describe('events', () => {
  it('tell changes of Tasks, setup and operations, and resume after the last one that was seen', async (t) => {
    const server = await TestServer.start(t);
    // Resolves once the server listens to us, so that nothing is missed; then reads until there is enough.
    const open = async (headers: Record<string, string>): Promise<(enough: RegExp) => Promise<string>> => {
      const controller = new AbortController();
      const response = await fetch(new URL('/-/events', server.url), { headers, signal: controller.signal });
      return async (enough) => {
        let text = '';
        const decoder = new TextDecoder();
        if (response.body === null) throw new Error('no body');
        for await (const chunk of response.body) {
          text += decoder.decode(chunk, { stream: true });
          if (enough.test(text)) break;
        }
        controller.abort();
        return text;
      };
    };
    const first = await open({});
    await server.deploy('a', {
      'function.yaml': functionYaml('nodejs'),
      'main.js': "exports.handler = (c) => c.callback('a');",
    });
    const seen = await first(/event:\s?setup/);
    assert.match(seen, /event:\s?operation/);
    assert.match(seen, /event:\s?task/);
    const id = /id:\s?(\S+)/.exec(seen)?.[1] ?? '';
    await server.deploy('b', saying('b'));
    const resumed = await (await open({ 'Last-Event-ID': id }))(/"name":"b"/);
    assert.ok(!resumed.includes(`id: ${id}\n`) && !resumed.includes(`id:${id}\n`));
    assert.match(await (await open({ 'Last-Event-ID': 'other-1' }))(/event:\s?reset/), /reset/);
  });
});
