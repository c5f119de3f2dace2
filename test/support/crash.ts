import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Setup, SetupView } from '../../src/shared/api.ts';
import { CliHarness, type CliProcess } from './cli.ts';
import { type Answer, multipart, request, until, zip } from './server.ts';
import { saying } from './tasks.ts';

/** What is deployed, with the text that each Task says, and who is fused with whom. */
interface Model {
  tasks: Map<string, string>;
  desired: Setup;
}

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** A random number generator with a seed (mulberry32), so that a run can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes a real server at random, kills it at random moments, restarts it and compares it with what it had answered 200 to. */
export class CrashRun {
  readonly #harness: CliHarness;
  readonly #state: string;
  readonly #random: () => number;
  #server: CliProcess;
  #model: Model = { tasks: new Map(), desired: [] };
  #texts = 0;

  private constructor(harness: CliHarness, state: string, server: CliProcess, seed: number) {
    this.#harness = harness;
    this.#state = state;
    this.#server = server;
    this.#random = generator(seed);
  }

  static async start(t: TestContext, seed: number): Promise<CrashRun> {
    const harness = await CliHarness.create();
    t.after(() => harness.close());
    const state = path.join(harness.dir, 'state');
    return new CrashRun(harness, state, await harness.serve(['--state', state]), seed);
  }

  /** Changes until the moment of the kill, then restarts and checks. */
  async changeKillAndCheck(): Promise<void> {
    const moment = 100 + this.#random() * 900;
    let killed = false;
    const kill = delay(moment).then(async () => {
      killed = true;
      this.#server.child.kill('SIGKILL');
      await this.#server.ended;
    });
    // The models that are right now: all answered changes, and the one under way, which may have been applied or not.
    let possible = [this.#model];
    while (!killed) {
      const { send, after } = this.#nextChange();
      possible = [this.#model, after];
      try {
        const answer = await send();
        assert.equal(answer.status, 200, answer.text);
        this.#model = after;
        possible = [after];
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        // The connection broke: the server was killed.
        await kill;
      }
    }
    await kill;
    this.#server = await this.#harness.serve(['--state', this.#state]);
    await this.#check(possible);
  }

  #nextChange(): { send(): Promise<Answer>; after: Model } {
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(this.#random() * list.length)];
    const tasks = new Map(this.#model.tasks);
    const { desired } = this.#model;
    const url = new URL(this.#harness.server);
    const name = pick(NAMES) ?? 'a';
    const choice = this.#random();
    if (choice < 0.5 || !tasks.has(name)) {
      this.#texts += 1;
      const text = `${name} says ${this.#texts}`;
      tasks.set(name, text);
      return { send: async () => request(url, `/${name}`, { method: 'PUT', ...multipart(await zip(saying(text))) }), after: { tasks, desired } };
    }
    if (choice < 0.65) {
      tasks.delete(name);
      const without = desired.map((group) => group.filter((other) => other !== name)).filter((group) => group.length > 0);
      return { send: () => request(url, `/${name}`, { method: 'DELETE' }), after: { tasks, desired: without } };
    }
    const setup: Setup = [];
    for (const one of NAMES) {
      const group = pick(setup);
      if (group && this.#random() < 0.5) group.push(one);
      else setup.push([one]);
    }
    return { send: () => request(url, '/-/setup', { method: 'PUT', body: JSON.stringify(setup) }), after: { tasks, desired: setup } };
  }

  async #check(possible: Model[]): Promise<void> {
    const url = new URL(this.#harness.server);
    const setup = (await request(url, '/-/setup')).json<SetupView>();
    const texts = await Promise.all(NAMES.map(async (name) => [name, await request(url, `/${name}`, { method: 'POST', body: '{}' })] as const));
    const served = JSON.stringify({ groups: normal(setup.actual), texts: texts.map(([name, { status, text }]) => [name, status === 200 ? text : status]) });
    const expected = possible.map(({ tasks, desired }) =>
      JSON.stringify({
        groups: normal([
          ...desired.map((group) => group.filter((name) => tasks.has(name))),
          ...[...tasks.keys()].filter((name) => !desired.flat().includes(name)).map((name) => [name]),
        ]),
        texts: NAMES.map((name) => [name, tasks.get(name) ?? 404]),
      }),
    );
    const index = expected.indexOf(served);
    assert.ok(index >= 0, `after the restart:\n${served}\nbut answered with 200 was:\n${expected.join('\nor\n')}`);
    this.#model = possible[index] ?? this.#model;
    await this.#checkNothingIsLeft(setup);
  }

  async #checkNothingIsLeft(setup: SetupView): Promise<void> {
    assert.deepEqual((await readdir(path.join(this.#state, 'builds'))).sort(), setup.functions.map((fn) => fn.name).sort());
    assert.deepEqual(await readdir(path.join(this.#state, 'tmp')), []);
    const stored = await readdir(path.join(this.#state, 'tasks')).catch(() => [] as string[]);
    assert.deepEqual(stored.sort(), [...this.#model.tasks.keys()].sort());
    // The killed server's workers end by themselves.
    await until(async () => (await this.#orphans()).length === 0);
  }

  /** Processes of functions that the running server did not start. Only Linux shows them. */
  async #orphans(): Promise<string[]> {
    if (process.platform !== 'linux') return [];
    const orphans: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const [command, stat] = await Promise.all(['cmdline', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')));
      const parent = stat?.replace(/^.*\) /s, '').split(' ')[1];
      if (command?.includes(`${this.#state}/builds`) && parent !== String(this.#server.child.pid)) orphans.push(`${pid} ${command}`);
    }
    return orphans;
  }
}

function normal(setup: Setup): string[] {
  return setup
    .filter((group) => group.length > 0)
    .map((group) => [...group].sort().join('+'))
    .sort();
}
