import type {
  DeployProgress,
  FunctionPackage,
  Platform,
  PlatformFunction,
  PlatformSink,
  SavedFunction,
  TriggerEvent,
} from '../../src/platform/platform.ts';
import { FusionizerError } from '../../src/shared/errors.ts';
import type { FunctionConfig } from '../../src/task/yaml/functionYaml.ts';
import { FakeFunction } from './fakeFunction.ts';

/** What runs on the machines of a fake platform: it outlives the server, as containers do. */
export type FakeCluster = Map<string, FakeFunction>;

export interface FakePlatformOptions {
  sink(): PlatformSink;
  /** Functions outlive the server in it; without one they end with the server. */
  cluster?: FakeCluster | undefined;
  /** The platform runs triggers itself: its functions have no `deliver`. */
  runsTriggers?: boolean;
  /** `load` of its functions is undefined. */
  hidesLoad?: boolean;
}

/** A step at which a test may fail the platform, or hold it up: by throwing, or with a promise that waits. */
export type Stage = 'check' | 'build' | 'start' | 'retire' | 'adopt' | 'leftovers';

/**
 * A platform in this process: functions run the code of their packages, without processes and without HTTP. It keeps
 * the rules of `platform.ts`, as `test/contract/platform.ts` checks, but extra workers for call chains.
 */
export class FakePlatform implements Platform {
  readonly name = 'fake';
  readonly bringsDispatcher = true;
  /** Every package that was deployed, in the order in which the functions came to serve. */
  readonly deployed: FunctionPackage[] = [];
  /** The names of functions that were retired, in their order. */
  readonly retired: string[] = [];
  /** The names of functions that were adopted. */
  readonly adopted: string[] = [];
  /** Called at each step of each function; for `check` and `leftovers` with no names. */
  at: (stage: Stage, group: readonly string[], name: string) => void | Promise<void> = () => {};
  readonly #options: FakePlatformOptions;
  readonly #cluster: FakeCluster;
  /** Of this run of the server, those under way included. */
  readonly #own = new Set<string>();
  readonly #closing = new AbortController();
  #isKilled = false;

  constructor(options: FakePlatformOptions) {
    this.#options = options;
    this.#cluster = options.cluster ?? new Map();
  }

  /** The functions that run, replaced ones that still drain included. */
  get functions(): FakeFunction[] {
    return [...this.#cluster.values()];
  }

  check(config: FunctionConfig): void {
    void this.at('check', [], '');
    for (const [key, { kind }] of Object.entries(config.spec?.triggers ?? {})) {
      if (kind === 'http' || kind === 'cron') continue;
      throw new FusionizerError('task', `function.yaml: trigger '${key}' is of kind '${kind}'`, {
        file: 'function.yaml',
        keys: ['spec', 'triggers', key, 'kind'],
      });
    }
  }

  async deploy(functionPackage: FunctionPackage, progress: DeployProgress): Promise<PlatformFunction> {
    const { name, group, config } = functionPackage;
    const signal = AbortSignal.any([progress.signal, this.#closing.signal]);
    const fn = new FakeFunction(functionPackage, this.#options.sink());
    this.#own.add(name);
    try {
      await unless(signal, this.at('build', group, name));
      for (const command of config.spec?.build?.commands ?? []) progress.output(command);
      progress.stage('start');
      await unless(signal, this.at('start', group, name));
      await unless(signal, fn.start());
      await this.#stillHere();
      this.#cluster.set(name, fn);
      this.deployed.push(functionPackage);
      if (this.#options.cluster) fn.saved = { container: `fake-${name}` };
      return this.#serve(fn);
    } catch (error) {
      await this.#stillHere();
      fn.end();
      this.#own.delete(name);
      throw error;
    }
  }

  async adopt({ name, saved }: SavedFunction): Promise<PlatformFunction | undefined> {
    await this.at('adopt', [], name);
    const fn = this.#cluster.get(name);
    if (fn === undefined || JSON.stringify(fn.saved) !== JSON.stringify(saved)) return undefined;
    fn.sink = this.#options.sink();
    this.#own.add(name);
    this.adopted.push(name);
    return this.#serve(fn);
  }

  async leftovers(): Promise<string[]> {
    await this.at('leftovers', [], '');
    return [...this.#cluster.keys()].filter((name) => !this.#own.has(name));
  }

  async remove(name: string): Promise<void> {
    if (this.#own.has(name)) throw new FusionizerError('platform', `Function '${name}' is in use`);
    this.#cluster.get(name)?.end();
    this.#cluster.delete(name);
  }

  async close({ keep }: { keep: boolean }): Promise<void> {
    this.#closing.abort(new FusionizerError('busy', 'The server is closing'));
    if (keep && this.#options.cluster) return;
    for (const name of this.#own) {
      this.#cluster.get(name)?.end();
      this.#cluster.delete(name);
    }
  }

  /**
   * The server's process is killed: nothing that it had under way goes on. Without a cluster its functions end with it.
   * @returns what goes on to run
   */
  kill(): FakeCluster {
    this.#isKilled = true;
    if (this.#options.cluster) return new Map(this.#cluster);
    for (const fn of this.#cluster.values()) fn.end();
    return new Map();
  }

  /** Never resolves in a server that was killed. */
  #stillHere(): Promise<void> {
    return this.#isKilled ? new Promise(() => {}) : Promise.resolve();
  }

  /**
   * The function as this run of the server sees it, with the parts that differ from platform to platform. A run that
   * was killed keeps its own view of a function, by which it cannot retire what the next run has adopted.
   */
  #serve(fn: FakeFunction): FakeFunction {
    const own: Partial<PlatformFunction> = {
      retire: async (): Promise<void> => {
        this.retired.push(fn.name);
        await fn.drain();
        await this.at('retire', fn.group, fn.name);
        await this.#stillHere();
        fn.end();
        this.#cluster.delete(fn.name);
        this.#own.delete(fn.name);
      },
      ...(this.#options.runsTriggers ? {} : { deliver: (event: TriggerEvent) => fn.runTrigger(event) }),
      ...(this.#options.hidesLoad ? { load: () => undefined } : {}),
    };
    fn.view = new Proxy(fn, {
      get: (_, key) => {
        if (Object.hasOwn(own, key)) return Reflect.get(own, key);
        const value: unknown = Reflect.get(fn, key, fn);
        // A method of a class with private fields works on the object itself only.
        return typeof value === 'function' ? value.bind(fn) : value;
      },
      set: (_, key, value) => Reflect.set(Object.hasOwn(own, key) ? own : fn, key, value),
    });
    return fn.view;
  }
}

/** The result of some work, unless the signal comes first. */
function unless<T>(signal: AbortSignal, work: T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
