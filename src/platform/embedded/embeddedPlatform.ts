import { realpathSync } from 'node:fs';
import path from 'node:path';
import { recordMask, type TextMask, textMask } from '../../secrets/mask.ts';
import type { LogLevel } from '../../shared/api.ts';
import { MAX_DEPTH } from '../../shared/callChain.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { packageRoot } from '../../shared/packageRoot.ts';
import type { ServerAddress } from '../../shared/serverAddress.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import { readBuildCommands } from '../../task/buildCommands.ts';
import type { FunctionConfig, Runtime } from '../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../task/yaml/nuclioDefaults.ts';
import type { DeployProgress, FunctionPackage, Platform, PlatformSink } from '../platform.ts';
import { sourcePaths, withSources } from '../sourcePaths.ts';
import { Cleaning } from './build/cleaning.ts';
import { Confinement } from './build/confinement.ts';
import { EnvironmentDisk } from './build/environmentDisk.ts';
import { type Environment, Environments } from './build/environments.ts';
import { Interpreters } from './build/interpreters.ts';
import { refuseLongCommands, refuseOtherPips, refuseSystemCommands } from './build/systemCommands.ts';
import { EMBEDDED_TIMES, type EmbeddedTimes } from './embeddedTimes.ts';
import { EmbeddedFunction } from './function/embeddedFunction.ts';
import { functionVariables } from './function/functionVariables.ts';
import { refuseTriggers, triggerWarnings, workersOf } from './function/triggers.ts';
import { heapOption, memoryLimitOf } from './memory/memoryGuard.ts';
import { MemoryWatch } from './memory/memoryWatch.ts';
import { NODE_ENVIRONMENT } from './processes/nodeEnvironment.ts';
import { Reaper } from './processes/reaper.ts';
import { BusyWatch } from './workers/busyWatch.ts';
import type { WorkerCommand } from './workers/spawnWorker.ts';
import { defaultMaxWorkers, WorkerBudget } from './workers/workerBudget.ts';
import type { KillReason } from './workers/workerEnd.ts';
import { WorkerProcess, type WorkerSink } from './workers/workerProcess.ts';

const CANCELLED: KillReason = { what: 'ended', how: 'the deploy of its function did not succeed', crash: false };
const CLOSING: KillReason = { what: 'ended', how: 'the server is closing', crash: false };

export interface EmbeddedPlatformOptions {
  /** Where functions reach the server. */
  address: ServerAddress;
  /** The token that a function sends; undefined if the server does not ask for one. */
  tokenOf?: ((functionName: string) => string | undefined) | undefined;
  /** The folder for environments that build commands make. */
  environmentsDir: string;
  /** The folder for what package managers download. It is made when it is needed. */
  cacheDir: string;
  /** The Python interpreter; default python3. */
  python?: string | undefined;
  /** The Node.js that runs workers. */
  node?: string | undefined;
  allowSystemCommands?: boolean | undefined;
  /** The server's own secrets, for masking. */
  secrets: readonly string[];
  /** How many Tasks a call chain may have; functions know it, too. */
  maxDepth?: number | undefined;
  /** How many worker processes there may be; default: as many as fit into the machine's memory. */
  maxWorkers?: number | undefined;
  times?: Partial<EmbeddedTimes> | undefined;
  sink: () => PlatformSink;
}

/** A function whose build commands have run. */
interface BuiltFunction {
  environment: Environment;
  /** Undefined for Node.js. */
  python: string | undefined;
  variables: Record<string, string>;
  mask: TextMask;
  /** Those of the function, without the server's own. */
  secrets: readonly string[];
  signal: AbortSignal;
}

/** A Nuclio-compatible platform inside the server: functions are worker processes; no Docker, no cluster. */
export class EmbeddedPlatform implements Platform {
  readonly name = 'embedded';
  readonly bringsDispatcher = true;
  readonly environments: EnvironmentDisk;
  readonly #options: EmbeddedPlatformOptions;
  readonly #reaper: Reaper;
  readonly #environments: Environments;
  readonly #cleaning: Cleaning;
  readonly #interpreters: Interpreters;
  readonly #functions = new Set<EmbeddedFunction>();
  readonly #deploys = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #memory: MemoryWatch;
  readonly #busy: BusyWatch;
  readonly #times: EmbeddedTimes;
  readonly #budget: WorkerBudget;

  constructor(options: EmbeddedPlatformOptions) {
    this.#options = options;
    this.#times = { ...EMBEDDED_TIMES, ...options.times };
    this.#budget = new WorkerBudget(options.maxWorkers ?? defaultMaxWorkers());
    this.#reaper = new Reaper(options.node ?? process.execPath, (message) => this.#say('warn', message));
    const allowSystemCommands = options.allowSystemCommands === true;
    const confinement = new Confinement(options.environmentsDir, options.cacheDir, allowSystemCommands);
    this.#environments = new Environments(options.environmentsDir, {
      reaper: this.#reaper,
      pipeGrace: this.#times.pipeGrace,
      cache: options.cacheDir,
      allowSystemCommands,
      confinement,
    });
    this.environments = new EnvironmentDisk(this.#environments.store, options.cacheDir, confinement);
    const { environmentKept: kept, environmentInterval: interval } = this.#times;
    this.#cleaning = new Cleaning(this.#environments.store, { kept, interval }, (...said) => this.#say(...said));
    this.#interpreters = new Interpreters(options.python);
    this.#busy = new BusyWatch(this.#times.busyInterval);
    this.#memory = new MemoryWatch((message) => this.#say('error', message), this.#times.memoryInterval);
  }

  /**
   * Removes what an earlier run of the server left unfinished.
   * @returns the folders of environments that were removed, relative to the folder of all environments
   */
  recover(): Promise<string[]> {
    return this.#environments.store.recover();
  }

  check(config: FunctionConfig): void {
    refuseTriggers(config);
    const { before, after } = readBuildCommands(config.spec?.build?.commands ?? []);
    refuseLongCommands([...before, ...after]);
    if (this.#options.allowSystemCommands !== true) refuseSystemCommands([...before, ...after]);
    refuseOtherPips([...before, ...after]);
  }

  async deploy(functionPackage: FunctionPackage, progress: DeployProgress): Promise<EmbeddedFunction> {
    const deploy = this.#deploy(functionPackage, progress);
    this.#deploys.add(deploy);
    return deploy.finally(() => this.#deploys.delete(deploy));
  }

  async #deploy(functionPackage: FunctionPackage, progress: DeployProgress): Promise<EmbeddedFunction> {
    const signal = AbortSignal.any([progress.signal, this.#closing.signal]);
    const { runtime } = functionPackage;
    const python =
      runtime.family === 'python' ? await this.#interpreters.python(runtime.version, progress.warn) : undefined;
    const { variables, secrets: values } = await functionVariables(functionPackage);
    const secrets = [...values, this.#options.tokenOf?.(functionPackage.name) ?? ''];
    const mask = textMask([...this.#options.secrets, ...secrets]);
    const environment = await this.#environments.prepare(functionPackage.dir, functionPackage.builds, python, {
      signal,
      mask,
      output: progress.output,
    });
    try {
      const own = { environment, python: environment.python ?? python?.command, variables, mask, secrets, signal };
      return await this.#start(functionPackage, own, progress);
    } catch (error) {
      environment.release();
      throw error;
    }
  }

  async #start(
    functionPackage: FunctionPackage,
    { environment, python, variables, mask, secrets, signal }: BuiltFunction,
    progress: DeployProgress,
  ): Promise<EmbeddedFunction> {
    const { config, runtime } = functionPackage;
    for (const warning of triggerWarnings(config)) progress.warn(warning);
    progress.stage('start');
    signal.throwIfAborted();
    const limit = memoryLimitOf(config);
    const part = this.#reaper.newPart();
    const command = this.#command(functionPackage, runtime, python, {
      ...environment.variables,
      ...variables,
      ...part.variables,
    });
    const sink = this.#options.sink();
    const paths = sourcePaths(functionPackage.dir, functionPackage.sourceFolders);
    const said = withSources(mask, paths);
    const workerSink: WorkerSink = {
      log: (record) => sink.log({ ...record, function: functionPackage.name }, functionPackage.group),
      calls: (records) => sink.calls(records),
      mask: said,
      maskRecord: recordMask(said),
    };
    const timeout = (config.spec?.readinessTimeoutSeconds || NUCLIO_DEFAULTS.readinessTimeoutSeconds) * 1000;
    // A cancelled deploy ends its workers. Once the function serves, only the end of the platform does.
    let startSignal = signal;
    const size = workersOf(config);
    const memory = limit && this.#memory.guard(limit, size);
    const giveBack = this.#budget.take(size);
    const fn: EmbeddedFunction = new EmbeddedFunction({
      functionPackage,
      times: this.#times,
      budget: this.#budget,
      secrets,
      sourcePaths: paths,
      startWorker: (id) =>
        WorkerProcess.start(id, {
          command,
          sink: workerSink,
          signal: startSignal,
          timeout,
          memory,
          times: this.#times,
        }),
      log: (record) => sink.log(record, functionPackage.group),
      stateChanged: () => sink.stateChanged(fn),
      gone: () => {
        this.#functions.delete(fn);
        this.#busy.delete(fn);
        environment.release();
        giveBack();
        return part.end();
      },
    });
    try {
      await fn.start();
      await memory?.checkStart();
      signal.throwIfAborted();
    } catch (error) {
      await fn.close(CANCELLED);
      throw error;
    }
    startSignal = this.#closing.signal;
    this.#functions.add(fn);
    this.#busy.add(fn);
    return fn;
  }

  /** Workers end with the server. */
  async adopt(): Promise<undefined> {
    return undefined;
  }

  async leftovers(): Promise<string[]> {
    return [];
  }

  async remove(name: string): Promise<void> {
    if (![...this.#functions].some((fn) => fn.name === name)) return;
    throw new FusionizerError('platform', `Function '${name}' is in use: delete its Tasks instead`);
  }

  /** Workers cannot serve without the server: none of them is kept. */
  async close(): Promise<void> {
    this.#closing.abort(new FusionizerError('busy', 'The server is closing'));
    await Promise.all([Promise.allSettled(this.#deploys), ...[...this.#functions].map((fn) => fn.close(CLOSING))]);
    await this.#cleaning.close();
    await this.#reaper.close();
  }

  /** A log line of the platform's own. */
  #say(level: LogLevel, message: string): void {
    this.#options
      .sink()
      .log({ time: Date.now(), level, message, with: {}, task: null, function: null, trace: null, stream: 'log' }, []);
  }

  #command(
    functionPackage: FunctionPackage,
    runtime: Runtime,
    python: string | undefined,
    variables: Record<string, string>,
  ): WorkerCommand {
    // Node.js would load a linked folder twice: by its real path and by this one.
    const dispatcher = realpathSync(path.join(packageRoot(), 'dispatcher', runtime.family));
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...variables,
      NUCLIO_FUNCTION_NAME: functionPackage.name,
      NUCLIO_FUNCTION_HANDLER: functionPackage.config.spec?.handler ?? '',
      FUSIONIZER_MAX_DEPTH: String(this.#options.maxDepth ?? MAX_DEPTH),
      FUSIONIZER_URL: withoutSlash(this.#options.address.url.href),
      // The function's own token. Undefined removes a token that the server's user has in the environment.
      FUSIONIZER_TOKEN: this.#options.tokenOf?.(functionPackage.name),
    };
    if (runtime.family === 'python') {
      return {
        command: python ?? 'python3',
        args: ['-u', path.join(dispatcher, 'worker.py'), functionPackage.dir],
        cwd: functionPackage.dir,
        env,
      };
    }
    const limit = memoryLimitOf(functionPackage.config);
    // A size in NODE_OPTIONS was set on purpose, and the command line would override it.
    const own = env['NODE_OPTIONS']?.includes('max-old-space-size') ?? false;
    const heapOptions = limit === undefined || own ? [] : [heapOption(limit, workersOf(functionPackage.config))];
    return {
      command: this.#options.node ?? process.execPath,
      args: [...heapOptions, path.join(dispatcher, 'worker.js'), functionPackage.dir],
      cwd: functionPackage.dir,
      env: { ...env, ...NODE_ENVIRONMENT, FUSIONIZER_DISPATCHER: path.join(dispatcher, 'fusionizer_dispatcher') },
    };
  }
}
