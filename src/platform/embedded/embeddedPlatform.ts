import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import { FusionizerError } from '../../core/errors.ts';
import type { FunctionConfig, Runtime } from '../../core/functionYaml.ts';
import { ifMissing } from '../../core/ifMissing.ts';
import { isSecretName, recordMask, textMask } from '../../core/mask.ts';
import { packageRoot } from '../../core/packageRoot.ts';
import type { LogLevel } from '../../shared/api.ts';
import type { DeployProgress, FunctionPackage, Platform, PlatformSink } from '../platform.ts';
import { normaliseCommands, refuseSystemCommands } from './buildCommands.ts';
import { EmbeddedFunction, workersOf } from './embeddedFunction.ts';
import { Environments } from './environments.ts';
import { Interpreters } from './interpreters.ts';
import { heapOption, memoryLimitOf } from './memoryGuard.ts';
import { MemoryWatch } from './memoryWatch.ts';
import { linkPackages } from './nodeModules.ts';
import { Reaper } from './reaper.ts';
import type { WorkerCommand } from './spawnWorker.ts';
import { checkTriggers, triggerWarnings } from './triggers.ts';
import type { KillReason } from './workerEnd.ts';
import { WorkerProcess, type WorkerSink } from './workerProcess.ts';

/** Nuclio's default for readinessTimeoutSeconds. */
const READINESS_TIMEOUT = 120;

const CANCELLED: KillReason = { what: 'ended', how: 'its function does not come to serve', crash: false };
const CLOSING: KillReason = { what: 'ended', how: 'the server is closing', crash: false };

export interface EmbeddedPlatformOptions {
  /** Where environments made by build commands are kept. */
  environmentsDir: string;
  /** The Python interpreter; python3 otherwise. */
  python?: string | undefined;
  /** The Node.js that runs workers. */
  node?: string | undefined;
  allowSystemCommands?: boolean | undefined;
  sink: () => PlatformSink;
}

/** A Nuclio-compatible platform inside the server: functions are worker processes; no Docker, no cluster. */
export class EmbeddedPlatform implements Platform {
  readonly name = 'embedded';
  readonly bringsDispatcher = true;
  readonly #options: EmbeddedPlatformOptions;
  readonly #reaper: Reaper;
  readonly #environments: Environments;
  readonly #interpreters: Interpreters;
  readonly #functions = new Set<EmbeddedFunction>();
  readonly #closing = new AbortController();
  readonly #memory: MemoryWatch;
  #address: URL | undefined;
  #tokenOf: (functionName: string) => string | undefined = () => undefined;

  constructor(options: EmbeddedPlatformOptions) {
    this.#options = options;
    this.#reaper = new Reaper(options.node ?? process.execPath, (message) => this.#say('warn', message));
    this.#environments = new Environments(options.environmentsDir, this.#reaper.variables);
    this.#interpreters = new Interpreters(options.python);
    this.#memory = new MemoryWatch((message) => this.#say('error', message));
  }

  setServer(address: URL, tokenOf: (functionName: string) => string | undefined): void {
    this.#address = address;
    this.#tokenOf = tokenOf;
  }

  check(config: FunctionConfig): void {
    checkTriggers(config);
    if (this.#options.allowSystemCommands !== true) refuseSystemCommands(normaliseCommands(config.spec?.build?.commands ?? []));
  }

  async deploy(functionPackage: FunctionPackage, progress: DeployProgress): Promise<EmbeddedFunction> {
    const signal = AbortSignal.any([progress.signal, this.#closing.signal]);
    const { config, runtime } = functionPackage;
    const python = runtime.family === 'python' ? await this.#interpreters.python(runtime.version, progress.warn) : undefined;
    this.#reaper.start();
    const environment = await this.#environments.prepare(normaliseCommands(config.spec?.build?.commands ?? []), python, { signal, output: progress.output });
    if (runtime.family === 'nodejs') await linkPackages(functionPackage.dir, environment.nodeModules);
    const variables = await functionVariables(functionPackage);
    for (const warning of triggerWarnings(config)) progress.warn(warning);
    progress.stage('start');
    const limit = memoryLimitOf(config);
    const command = this.#command(functionPackage, runtime, environment.python ?? python?.command, {
      ...environment.variables,
      ...variables,
      ...this.#reaper.variables,
    });
    const sink = this.#options.sink();
    const secrets = secretsOf(command.env, functionPackage.config);
    const masked = recordMask(secrets);
    const workerSink: WorkerSink = {
      log: (record) => sink.log(masked({ ...record, function: functionPackage.name }), functionPackage.group),
      calls: (records) => sink.calls(records),
      mask: textMask(secrets),
    };
    const timeout = (config.spec?.readinessTimeoutSeconds || READINESS_TIMEOUT) * 1000;
    // Cancelling a deploy ends its workers; once it serves, only the platform's end does.
    let startSignal = signal;
    const size = workersOf(config);
    const memory = limit && this.#memory.guard(limit, size);
    const fn: EmbeddedFunction = new EmbeddedFunction({
      functionPackage,
      startWorker: (id) => WorkerProcess.start(id, { command, sink: workerSink, signal: startSignal, timeout, memory }),
      log: (record) => sink.log(record, functionPackage.group),
      stateChanged: () => sink.stateChanged(fn),
      gone: () => this.#functions.delete(fn),
    });
    await fn.start();
    await memory?.checkStart().catch(async (error: unknown) => {
      await fn.close(CANCELLED);
      throw error;
    });
    if (signal.aborted) {
      await fn.close(CANCELLED);
      throw signal.reason;
    }
    startSignal = this.#closing.signal;
    this.#functions.add(fn);
    return fn;
  }

  async close(): Promise<void> {
    this.#closing.abort(new FusionizerError('cancelled', 'The server is closing'));
    await Promise.all([...this.#functions].map((fn) => fn.close(CLOSING)));
  }

  /** A log line of the platform's own. */
  #say(level: LogLevel, message: string): void {
    this.#options.sink().log({ time: Date.now(), level, message, with: {}, task: null, function: null, trace: null, stream: 'log' }, []);
  }

  #command(functionPackage: FunctionPackage, runtime: Runtime, python: string | undefined, variables: Record<string, string>): WorkerCommand {
    const dispatcher = path.join(packageRoot(), 'dispatcher', runtime.family);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...variables,
      NUCLIO_FUNCTION_NAME: functionPackage.name,
      NUCLIO_FUNCTION_HANDLER: functionPackage.config.spec?.handler ?? '',
      FUSIONIZER_URL: this.#address?.href.replace(/\/$/, '') ?? '',
      // Not the server's own: undefined takes a token that the server's user has in the environment out of it.
      FUSIONIZER_TOKEN: this.#tokenOf(functionPackage.name),
    };
    if (runtime.family === 'python') {
      return { command: python ?? 'python3', args: ['-u', path.join(dispatcher, 'worker.py'), functionPackage.dir], cwd: functionPackage.dir, env };
    }
    const limit = memoryLimitOf(functionPackage.config);
    // Who sets it by NODE_OPTIONS knows better; the command line would win over that.
    const own = env['NODE_OPTIONS']?.includes('max-old-space-size') ?? false;
    const heapOptions = limit === undefined || own ? [] : [heapOption(limit, workersOf(functionPackage.config))];
    return {
      command: this.#options.node ?? process.execPath,
      args: [...heapOptions, path.join(dispatcher, 'worker.js'), functionPackage.dir],
      cwd: functionPackage.dir,
      env: { ...env, FUSIONIZER_DISPATCHER: path.join(dispatcher, 'fusionizer_dispatcher') },
    };
  }
}

/** What a function's logs must not show: its token, and variables of its own that hold secrets. */
function secretsOf(variables: NodeJS.ProcessEnv, config: FunctionConfig): string[] {
  const own = (config.spec?.env ?? []).filter(({ name, valueFrom }) => valueFrom !== undefined || isSecretName(name));
  return [...own.map(({ name }) => name), 'FUSIONIZER_TOKEN'].flatMap((name) => variables[name] ?? []);
}

/** `spec.env`; a value from a Kubernetes secret or the like is read from the Task's `.env` file. */
async function functionVariables(functionPackage: FunctionPackage): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of functionPackage.config.spec?.env ?? []) {
    if (valueFrom === undefined) variables[name] = value ?? '';
    else variables[name] = await fromDotEnv(functionPackage, name);
  }
  return variables;
}

async function fromDotEnv({ dir, group }: FunctionPackage, name: string): Promise<string> {
  for (const task of group) {
    const text = await readFile(path.join(dir, 'tasks', task, '.env'), 'utf8').catch(ifMissing(''));
    const value = parse(text)[name];
    if (value !== undefined) return value;
  }
  throw new FusionizerError(
    'task',
    `function.yaml: spec.env.${name} takes its value from the cluster (valueFrom), which the embedded platform has not: put '${name}=...' into a file .env in the Task's folder`,
    { file: 'function.yaml' },
  );
}
