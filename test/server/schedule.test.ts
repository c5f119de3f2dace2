import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ScheduleView } from '../../src/shared/scheduleApi.ts';
import { type Answer, TestServer } from '../support/server.ts';
import { functionYaml, saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';

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

describe('a server told to follow another schedule', () => {
  it('begins with it at second 0, reads its changes, and takes no more notice of the one before', async (t) => {
    const { server, file } = await withSchedule(t, { '0': [['a', 'b']] });
    for (const name of ['a', 'b', 'c']) await server.deploy(name, saying(name));
    await until('the first schedule', async () => (await server.groups()).includes('a+b'));
    const other = path.join(path.dirname(file), 'other.json');
    await writeFile(other, '{"0": [["b", "c"]], "3600": []}');
    const view = (await update(server, { file: other })).json<ScheduleView>();
    assert.equal(view.file, other);
    assert.ok(view.clock.seconds < 3600 && view.clock.state === 'running');
    await until('the other schedule', async () => (await server.groups()).includes('b+c'));
    await writeFile(file, '{"0": [["a", "c"]]}');
    await writeFile(other, '{"0": [["a", "b", "c"]]}');
    await until('the change of the other one', async () => (await server.groups()).includes('a+b+c'));
    const none = (await update(server, { file: null })).json<ScheduleView>();
    assert.deepEqual([none.file, none.entries], [null, []]);
    assert.deepEqual(await server.groups(), ['a+b+c']);
  });

  it('follows the one before where that file cannot be read', async (t) => {
    const { server, file } = await withSchedule(t, { '3600': [] });
    const dir = path.dirname(file);
    await writeFile(path.join(dir, 'broken.json'), '{"1": [');
    for (const [wrong, status, says] of [
      [{ file: path.join(dir, 'nowhere.json') }, 400, /There is no schedule/],
      [{ file: path.join(dir, 'broken.json') }, 400, /not valid JSON/],
      [{ file: dir }, 400, /cannot be read/],
      [{ file: '' }, 400, /file/],
      [{ file, apply: 3600 }, 400, /Another file has entries of its own/],
    ] as const) {
      const answer = await update(server, wrong);
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.text, says);
    }
    assert.equal((await server.request('/-/schedule')).json<ScheduleView>().file, file);
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
