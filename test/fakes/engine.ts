import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventDelivery } from '../../src/engine/eventDelivery.ts';
import { Fusionizer } from '../../src/engine/fusionizer.ts';
import { Hub, type HubEvent } from '../../src/engine/observe/hub.ts';
import { Logs } from '../../src/engine/observe/logs.ts';
import { ServerLog } from '../../src/engine/observe/serverLog.ts';
import { Traces } from '../../src/engine/observe/traces.ts';
import { RunningEvents } from '../../src/engine/runningEvents.ts';
import type { SetupRequest } from '../../src/engine/setupChange.ts';
import { Store } from '../../src/engine/store.ts';
import type { PlatformFunction } from '../../src/platform/platform.ts';
import type { LogRecord, Operation } from '../../src/shared/api.ts';
import { ifMissing } from '../../src/shared/ifMissing.ts';
import { ServerAddress } from '../../src/shared/serverAddress.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import type { Task } from '../../src/task/task.ts';
import type { Files } from '../support/server.ts';
import { until } from '../support/until.ts';
import { type FakeCluster, FakePlatform, type FakePlatformOptions } from './fakePlatform.ts';

export interface TestEngineOptions extends Omit<FakePlatformOptions, 'sink'> {
  cluster?: FakeCluster;
}

export interface DeployOptions {
  force?: boolean;
  operation?: string;
  source?: string;
  replace?: boolean;
}

/** What one run of the server has. */
interface Run {
  platform: FakePlatform;
  store: Store;
  hub: Hub;
  traces: Traces;
  serverLog: ServerLog;
  fusionizer: Fusionizer;
  runningEvents: RunningEvents;
  delivery: EventDelivery;
}

/** The engine as `startServer.ts` makes it, on a fake platform and a real state folder, without HTTP. */
export class TestEngine {
  /** The state folder of this run. */
  dir: string;
  /** The log records of all runs. */
  readonly records: LogRecord[];
  /** The hub's events of this run. */
  events: HubEvent[] = [];
  #run: Run;
  #options: TestEngineOptions;
  /** The state folders of all runs. */
  readonly #dirs: string[];

  private constructor(dir: string, options: TestEngineOptions, run: Run, records: LogRecord[]) {
    this.dir = dir;
    this.#dirs = [dir];
    this.records = records;
    this.#options = options;
    this.#run = run;
    this.#listen();
  }

  /** Ends with the test, and so does its folder. */
  static async start(
    test: { after(fn: () => Promise<void>): void },
    options: TestEngineOptions = {},
  ): Promise<TestEngine> {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-engine-'));
    const records: LogRecord[] = [];
    const engine = new TestEngine(dir, options, await begin(dir, options, records), records);
    test.after(async () => {
      await engine.fusionizer.close();
      for (const fn of engine.#options.cluster?.values() ?? []) fn.end();
      // A server that was killed may still be writing to its folder, which nobody reads any more.
      for (const one of engine.#dirs) await rm(one, { recursive: true, force: true, maxRetries: 5 });
    });
    return engine;
  }

  get platform(): FakePlatform {
    return this.#run.platform;
  }

  get store(): Store {
    return this.#run.store;
  }

  get fusionizer(): Fusionizer {
    return this.#run.fusionizer;
  }

  get hub(): Hub {
    return this.#run.hub;
  }

  get traces(): Traces {
    return this.#run.traces;
  }

  get delivery(): EventDelivery {
    return this.#run.delivery;
  }

  get serverLog(): ServerLog {
    return this.#run.serverLog;
  }

  get runningEvents(): RunningEvents {
    return this.#run.runningEvents;
  }

  /**
   * Ends this run of the server, and starts the next one on the same state.
   * @param options `crash`: the server is killed; `prepare` gets the next run's platform before anything is restored
   */
  async restart(options: { crash?: boolean; prepare?: (platform: FakePlatform) => void } = {}): Promise<void> {
    if (options.crash) await this.platform.close({ keep: true });
    else await this.fusionizer.close();
    this.#run = await begin(this.dir, this.#options, this.records, options.prepare);
    this.events = [];
    this.#listen();
  }

  /**
   * Kills the server at this very moment, with all that it has under way, and starts the next run on what is on the disk.
   * The state folder is copied without a pause, because the promises of the killed run cannot be stopped.
   */
  async kill(): Promise<void> {
    const cluster = this.platform.kill();
    this.dir = snapshot(this.dir);
    this.#dirs.push(this.dir);
    if (this.#options.cluster) this.#options = { ...this.#options, cluster };
    this.#run = await begin(this.dir, this.#options, this.records);
    this.events = [];
    this.#listen();
  }

  #listen(): void {
    this.hub.subscribe((event) => this.events.push(event));
  }

  async deploy(
    name: string,
    files: Files,
    { force = false, replace = false, operation, source }: DeployOptions = {},
  ): Promise<Task> {
    return this.fusionizer.deploy({
      name,
      force,
      replace,
      operation,
      source: source ?? null,
      receive: async () => {
        const dir = await this.store.newFolder();
        for (const [file, content] of Object.entries(files)) {
          await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
          await writeFile(path.join(dir, file), content);
        }
        return dir;
      },
    });
  }

  put(groups: Setup, more: Partial<SetupRequest> = {}): Promise<void> {
    return this.fusionizer.changeSetup({ kind: 'put', groups, origin: 'manual', ...more });
  }

  patch(groups: Setup, more: Partial<SetupRequest> = {}): Promise<void> {
    return this.put(groups, { kind: 'patch', ...more });
  }

  /** The answer of one invocation. */
  async invoke(name: string): Promise<string> {
    const running = this.fusionizer.route(name);
    assert.ok(running, `no function serves '${name}'`);
    const event = this.runningEvents.begin(name, running, undefined, undefined, undefined);
    const { trace, span } = event;
    const rest = {
      method: 'POST',
      target: '/',
      headers: ['Task-Name', name],
      body: Buffer.alloc(0),
      trace,
      span,
      parent: undefined,
    };
    const answer = await running.fn.invoke({ task: name, ...rest }, event);
    this.runningEvents.end(event, answer);
    return String(answer.body);
  }

  fn(name: string): PlatformFunction {
    const running = this.fusionizer.route(name);
    assert.ok(running, `no function serves '${name}'`);
    return running.fn;
  }

  /** Groups with their members sorted, sorted: the order of groups means nothing. */
  groups(): string[] {
    return this.fusionizer
      .setupView()
      .actual.map((group) => [...group].sort().join('+'))
      .sort();
  }

  operation(id: string): Operation {
    const operation = this.fusionizer.operations.get(id);
    assert.ok(operation, `there is no operation ${id}`);
    return operation;
  }

  stages(id: string): string[] {
    return this.operation(id).stages.map(({ stage }) => stage);
  }

  /** Waits until the operation is in this stage. */
  async reaches(id: string, stage: string): Promise<void> {
    await until(`operation ${id} to reach '${stage}'`, () =>
      this.fusionizer.operations.get(id)?.stages.some((one) => one.stage === stage),
    );
  }

  /** Waits until nothing but the functions that serve runs on the platform. */
  async settled(): Promise<void> {
    const serving = this.fusionizer.functions.map(({ name }) => name).sort();
    const running = (): string[] => this.platform.functions.map(({ name }) => name).sort();
    try {
      await until('the platform to run what serves, and nothing else', () => running().join() === serving.join());
    } catch (error) {
      throw new Error(`${serving} serve, but ${running()} run`, { cause: error });
    }
  }
}

/** A copy of a state folder. A file operation that was begun before may still end meanwhile, so it may take two. */
function snapshot(dir: string): string {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'fusionizer-engine-'));
  try {
    cpSync(dir, copy, { recursive: true });
    return copy;
  } catch (error) {
    rmSync(copy, { recursive: true });
    return ifMissing(undefined)(error) ?? snapshot(dir);
  }
}

async function begin(
  dir: string,
  options: TestEngineOptions,
  records: LogRecord[],
  prepare?: (platform: FakePlatform) => void,
): Promise<Run> {
  const hub = new Hub();
  const traces = new Traces();
  const logs = new Logs((record) => record);
  logs.subscribe((record) => records.push(record));
  const serverLog = new ServerLog(logs);
  const store = new Store(dir);
  await store.open();
  const saved = await store.recover((level, message) => serverLog.write(level, message));
  const platform = new FakePlatform({ ...options, sink: () => fusionizer.reports });
  prepare?.(platform);
  const address = new ServerAddress();
  const fusionizer: Fusionizer = new Fusionizer({ address, platform, store, hub, logs, traces, serverLog }, saved);
  const runningEvents = new RunningEvents(address, traces, fusionizer.reports);
  await fusionizer.restore(saved);
  const delivery = new EventDelivery(fusionizer, runningEvents);
  return { platform, store, hub, traces, serverLog, fusionizer, runningEvents, delivery };
}
