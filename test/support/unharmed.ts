import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FusionizerServerOptions } from '../../src/startServer.ts';
import { type Answer, multipart, TestServer } from './server.ts';
import { saying } from './tasks.ts';
import { until } from './until.ts';

const BYSTANDER = 'bystander';

/**
 * A server with one good Task, for tests that attack it. Whatever they send, that Task has to keep answering, and
 * nothing may be left in the state folder.
 */
export class AttackedServer {
  readonly server: TestServer;

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async start(
    test: Parameters<typeof TestServer.start>[0],
    options: Partial<FusionizerServerOptions> = {},
  ): Promise<AttackedServer> {
    const server = await TestServer.start(test, options);
    await server.deploy(BYSTANDER, saying('still here'));
    return new AttackedServer(server);
  }

  /** Uploads bytes as a Task's zip. */
  upload(name: string, zip: Uint8Array, field?: string): Promise<Answer> {
    const form = multipart(zip, field);
    return this.server.request(`/${name}`, { method: 'PUT', headers: form.headers, body: form.body });
  }

  /** @param tasks the Tasks that are deployed besides the bystander */
  async assertUnharmed(label: string, tasks: readonly string[] = []): Promise<void> {
    const expected = [BYSTANDER, ...tasks].sort();
    const answer = await this.server.post(BYSTANDER);
    assert.deepEqual([answer.status, answer.text], [200, 'still here'], label);
    const state = (folder: string): Promise<string[]> => readdir(path.join(this.server.state, folder));
    assert.deepEqual((await state('tasks')).sort(), expected, label);
    // The files of an incomplete upload or a replaced function are removed a moment later.
    await until(
      'the removal of temporary files and old builds',
      async () =>
        (await state('tmp')).length === 0 &&
        (await state('builds')).length === (await this.server.setup()).functions.length,
    );
    const names = (await this.server.request('/-/tasks')).json<{ name: string }[]>().map(({ name }) => name);
    assert.deepEqual(names.sort(), expected, label);
  }
}
