import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { watch } from 'chokidar';
import { messageOf } from './core/errors.ts';
import { Fusionizer } from './core/fusionizer.ts';
import { Hub } from './core/hub.ts';
import { Logs } from './core/logs.ts';
import { type Optimizer, type OptimizerView, runOptimizer } from './core/optimizer.ts';
import { packageRoot } from './core/packageRoot.ts';
import { sampleInvocations } from './core/sampling.ts';
import { readSchedule, toFile } from './core/schedule.ts';
import { StaticOptimizer } from './core/staticOptimizer.ts';
import { Store } from './core/store.ts';
import { Traces } from './core/traces.ts';
import { EmbeddedPlatform } from './platform/embedded/embeddedPlatform.ts';
import { listen } from './server/httpServer.ts';
import type { ScheduleControl } from './server/parts.ts';
import type { LogRecord } from './shared/api.ts';

export interface FusionizerServerOptions {
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** Default 8000; 0 takes a free one. */
  port?: number | undefined;
  /** The folder for Tasks, builds and state. */
  state: string;
  /** A schedule file, reloaded when it changes. */
  schedule?: string | undefined;
  /** Decides on setups instead of the schedule. */
  optimizer?: Optimizer | undefined;
  /** The Python interpreter for Tasks; python3 otherwise. */
  python?: string | undefined;
  /** Lets build commands use system package managers and sudo. */
  allowSystemCommands?: boolean | undefined;
  /** Hears every log record, also those of the start. */
  log?: ((record: LogRecord) => void) | undefined;
}

export interface FusionizerServer {
  readonly address: URL;
  readonly logs: Logs;
  /** Ends workers, connections and the optimizer. The state stays. */
  close(): Promise<void>;
}

/** Makes a server out of options: platform, core, optimizer, HTTP. The only place where the parts are tied together. */
export async function startFusionizerServer(options: FusionizerServerOptions): Promise<FusionizerServer> {
  const began = performance.now();
  const hub = new Hub();
  const logs = new Logs();
  if (options.log) logs.subscribe(options.log);
  const traces = new Traces();
  sampleInvocations(traces, hub);
  const store = new Store(path.resolve(options.state));
  await store.open();
  const saved = await store.load();
  const platform = new EmbeddedPlatform({
    environmentsDir: store.environmentsDir,
    python: options.python,
    allowSystemCommands: options.allowSystemCommands,
    sink: () => fusionizer.reports,
  });
  const fusionizer: Fusionizer = new Fusionizer({ platform, store, hub, logs, traces }, saved);
  const scheduleFile = options.schedule === undefined ? null : path.resolve(options.schedule);
  const entries = scheduleFile === null ? [] : await readSchedule(scheduleFile);
  const staticOptimizer: StaticOptimizer = new StaticOptimizer(entries, {
    file: scheduleFile,
    changed: () => hub.publish('schedule', staticOptimizer.view),
  });
  const schedule: ScheduleControl = {
    view: () => staticOptimizer.view,
    replace: async (next) => {
      if (scheduleFile !== null) await writeFile(scheduleFile, `${JSON.stringify(toFile(next), null, 2)}\n`);
      staticOptimizer.replace(next);
    },
    clock: (what) => staticOptimizer.control(what),
    apply: async (second) => {
      await fusionizer.changeSetup({ kind: 'put', groups: staticOptimizer.applyNow(second), origin: 'optimizer' });
    },
  };
  const version = packageVersion();
  const listening = await listen(
    {
      fusionizer,
      store,
      hub,
      logs,
      traces,
      schedule,
      health: () => ({
        status: 'ok',
        name: 'fusionizer',
        version,
        platform: platform.name,
        address: listening.address.href,
        pid: process.pid,
        uptime: (performance.now() - began) / 1000,
        tasks: fusionizer.taskNames.length,
      }),
    },
    options.host ?? '127.0.0.1',
    options.port ?? 8000,
  );
  fusionizer.setAddress(listening.address);
  if (saved) await fusionizer.restore(saved);
  listening.open();

  // Second 0 of the schedule is now: the server is ready.
  staticOptimizer.control('restart');
  const stop = new AbortController();
  const ready = performance.now();
  const view: OptimizerView = {
    signal: stop.signal,
    tasks: () => fusionizer.taskNames,
    setup: () => fusionizer.setupView().actual,
    traces: () => traces.find({}),
    seconds: () => (performance.now() - ready) / 1000,
  };
  const optimizer = options.optimizer ?? staticOptimizer;
  const optimizing = runOptimizer(
    optimizer,
    view,
    async (setup) => {
      await fusionizer.changeSetup({ kind: 'put', groups: setup, origin: 'optimizer', signal: stop.signal });
    },
    (error) => fusionizer.reports.say('error', `The ${optimizer.name} optimizer: ${messageOf(error)}`),
  );
  const watcher =
    scheduleFile === null ? undefined : watch(scheduleFile, { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 20 } });
  const reload = async (): Promise<void> => {
    try {
      staticOptimizer.replace(await readSchedule(scheduleFile ?? ''));
    } catch (error) {
      // The entries that there are stay in force.
      staticOptimizer.fail(messageOf(error));
      fusionizer.reports.say('error', messageOf(error));
    }
  };
  watcher?.on('all', () => void reload());

  return {
    address: listening.address,
    logs,
    close: async () => {
      stop.abort();
      await watcher?.close();
      await fusionizer.close();
      await optimizing;
      await listening.close();
    },
  };
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return manifest.version;
}
