import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SetupView } from '../../src/shared/api.ts';
import { ifMissing } from '../../src/shared/ifMissing.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { CliHarness, type CliProcess } from '../support/cli.ts';
import { Load } from '../support/load.ts';
import { canSeeProcesses, descends, processes } from '../support/processes.ts';
import { type Answer, multipart, request, zip } from '../support/server.ts';
import { saying } from '../support/tasks.ts';
import { until } from '../support/until.ts';
import { Answers } from './answers.ts';
import { Random } from './random.ts';

/** The deployed Tasks with the text that each of them answers, and the desired setup. */
interface Model {
  tasks: Map<string, string>;
  desired: Setup;
}

interface ModelChange {
  /** The Task whose answer changes. */
  task: string | undefined;
  send(): Promise<Answer>;
  after: Model;
}

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const CLIENTS = 4;

/**
 * Makes random changes on a real server under load, kills it at random moments and restarts it. Then it compares the
 * server with the changes that were answered with 200. The clients of the load know the possible answers of each Task
 * at each time.
 */
export class CrashRun {
  readonly #harness: CliHarness;
  readonly #state: string;
  readonly #random: Random;
  #server: CliProcess;
  #model: Model = { tasks: new Map(), desired: [] };
  #answers = new Answers();
  #texts = 0;
  #requests = 0;
  #changes = 0;

  private constructor(harness: CliHarness, state: string, server: CliProcess, seed: number) {
    this.#harness = harness;
    this.#state = state;
    this.#server = server;
    this.#random = new Random(seed);
  }

  static async start(seed: number): Promise<CrashRun> {
    const harness = await CliHarness.create();
    const state = path.join(harness.dir, 'state');
    return new CrashRun(harness, state, await harness.serve(['--state', state]), seed);
  }

  /** The number of requests of the load, and of changes that were answered with 200, so far. */
  get counts(): { requests: number; changes: number } {
    return { requests: this.#requests, changes: this.#changes };
  }

  close(): Promise<void> {
    return this.#harness.close();
  }

  /** Makes changes until the moment of the kill, then restarts and checks the server. */
  async changeKillAndCheck(): Promise<void> {
    const moment = 100 + this.#random.next() * 1900;
    let killed = false;
    this.#answers = new Answers();
    for (const name of NAMES) this.#answers.begin(name, this.#model.tasks.get(name) ?? 422);
    const load = this.#load(() => killed);
    const kill = delay(moment).then(async () => {
      killed = true;
      this.#server.child.kill('SIGKILL');
      await this.#server.ended;
    });
    // The models that are right at this moment: with all answered changes, and with or without the one being made.
    let possible = [this.#model];
    while (!killed) {
      const { task, send, after } = this.#nextChange();
      possible = [this.#model, after];
      if (task !== undefined) this.#answers.begin(task, after.tasks.get(task) ?? 422);
      try {
        const answer = await send();
        assert.equal(answer.status, 200, answer.text);
        this.#model = after;
        this.#changes += 1;
        possible = [after];
        if (task !== undefined) this.#answers.settle(task);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        // The connection broke: the server was killed.
        await kill;
      }
    }
    await kill;
    const { requests, failures } = await load.stop();
    this.#requests += requests;
    assert.deepEqual(failures, []);
    this.#server = await this.#harness.serve(['--state', this.#state]);
    await this.#check(possible);
  }

  /** Clients that invoke the Tasks. Requests may fail only after the kill. */
  #load(killed: () => boolean): Load {
    const url = new URL(this.#harness.server);
    return new Load(CLIENTS, async (round, agent) => {
      const name = NAMES[round % NAMES.length] ?? 'a';
      const sent = performance.now();
      try {
        const { status, text } = await request(url, `/${name}`, { method: 'POST', body: '{}', agent });
        if (this.#answers.allows(name, status === 422 ? status : text, sent)) return undefined;
        return `${name} answered ${status} ${text}, but may answer ${this.#answers.possible(name)}`;
      } catch (error) {
        // Avoids a busy loop until the load is stopped.
        if (killed()) await delay(10);
        return killed() ? undefined : String(error);
      }
    });
  }

  #nextChange(): ModelChange {
    const tasks = new Map(this.#model.tasks);
    const { desired } = this.#model;
    const url = new URL(this.#harness.server);
    const name = this.#random.pick(NAMES);
    const choice = this.#random.next();
    if (choice < 0.5 || !tasks.has(name)) {
      this.#texts += 1;
      const text = `${name} says ${this.#texts}`;
      // Some deploys have a build, so that the server is also killed in the middle of one.
      const build = choice < 0.1 ? `  build:\n    commands:\n      - sleep 0.2 && echo ${this.#texts}\n` : '';
      tasks.set(name, text);
      const send = async (): Promise<Answer> =>
        request(url, `/${name}`, { method: 'PUT', ...multipart(await zip(saying(text, 'nodejs', build))) });
      return { task: name, send, after: { tasks, desired } };
    }
    if (choice < 0.65) {
      tasks.delete(name);
      const without = desired
        .map((group) => group.filter((other) => other !== name))
        .filter((group) => group.length > 0);
      return {
        task: name,
        send: () => request(url, `/${name}`, { method: 'DELETE' }),
        after: { tasks, desired: without },
      };
    }
    const setup = this.#random.setup(NAMES);
    return {
      task: undefined,
      send: () => request(url, '/-/setup', { method: 'PUT', body: JSON.stringify(setup) }),
      after: { tasks, desired: setup },
    };
  }

  async #check(possible: Model[]): Promise<void> {
    const url = new URL(this.#harness.server);
    const setup = (await request(url, '/-/setup')).json<SetupView>();
    const texts = await Promise.all(
      NAMES.map(async (name) => [name, await request(url, `/${name}`, { method: 'POST', body: '{}' })] as const),
    );
    const served = JSON.stringify({
      groups: normal(setup.actual),
      texts: texts.map(([name, { status, text }]) => [name, status === 200 ? text : status]),
    });
    const expected = possible.map(({ tasks, desired }) =>
      JSON.stringify({
        groups: normal([
          ...desired.map((group) => group.filter((name) => tasks.has(name))),
          ...[...tasks.keys()].filter((name) => !desired.flat().includes(name)).map((name) => [name]),
        ]),
        texts: NAMES.map((name) => [name, tasks.get(name) ?? 422]),
      }),
    );
    const index = expected.indexOf(served);
    assert.ok(index >= 0, `after the restart:\n${served}\ninstead of:\n${expected.join('\nor\n')}`);
    this.#model = possible[index] ?? this.#model;
    await this.#checkNothingIsLeft(setup);
  }

  async #checkNothingIsLeft(setup: SetupView): Promise<void> {
    // A server that was killed before it stored its first deploy has not made its folders yet.
    const names = async (folder: string): Promise<string[]> =>
      (await readdir(path.join(this.#state, folder)).catch(ifMissing([]))).sort();
    assert.deepEqual(await names('builds'), setup.functions.map((fn) => fn.name).sort());
    assert.deepEqual(await names('tmp'), []);
    assert.deepEqual(await names('tasks'), [...this.#model.tasks.keys()].sort());
    assert.deepEqual(
      (await readdir(this.#state)).filter(
        (name) =>
          !['builds', 'cache', 'envs', 'lock.json', 'state.json', 'tasks', 'tmp', 'token', 'traces'].includes(name),
      ),
      [],
    );
    // The killed server's workers and builds end by themselves.
    if (canSeeProcesses)
      await until("the end of the killed server's processes", async () => (await this.#orphans()).length === 0);
  }

  /** Processes that work in the state folder and do not descend from the running server. */
  async #orphans(): Promise<string[]> {
    const all = await processes();
    const here = all.filter(
      ({ command, cwd }) => command.includes(`${this.#state}/`) || cwd.startsWith(`${this.#state}/`),
    );
    return here
      .filter((info) => !descends(info, this.#server.child.pid ?? 0, all))
      .map(({ pid, command }) => `${pid} ${command}`);
  }
}

function normal(setup: Setup): string[] {
  return setup
    .filter((group) => group.length > 0)
    .map((group) => [...group].sort().join('+'))
    .sort();
}
