import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Fusionizer } from './core/fusionizer.ts';
import { Hub } from './core/hub.ts';
import { Logs } from './core/logs.ts';
import type { Optimizer } from './core/optimizer.ts';
import { packageRoot } from './core/packageRoot.ts';
import { sampleInvocations } from './core/sampling.ts';
import { StateLock } from './core/stateLock.ts';
import { Store } from './core/store.ts';
import { Traces } from './core/traces.ts';
import { EmbeddedPlatform } from './platform/embedded/embeddedPlatform.ts';
import { Scheduling } from './scheduling.ts';
import { Auth, readAdminToken } from './server/auth.ts';
import { isLoopback, listen } from './server/httpServer.ts';
import type { ServerParts } from './server/parts.ts';
import type { Health, LogRecord } from './shared/api.ts';

export interface FusionizerServerOptions {
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** Default 8000; 0 takes a free one. */
  port?: number | undefined;
  /** `auto` (the default) asks for a token unless the server listens on the loopback address only; `always` asks for it. */
  auth?: 'auto' | 'always' | undefined;
  /** The file with the admin token, made if it is not there; default `token` in the state folder. */
  tokenFile?: string | undefined;
  /** Names that the server is reached by, besides IP addresses and localhost. */
  allowHosts?: readonly string[] | undefined;
  /** How long a client may take for the headers of a request, and for each next piece of its body, in milliseconds; default 30,000. */
  patience?: number | undefined;
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
  /** Holds the admin token, where the server asks for one. */
  readonly tokenFile: string | undefined;
  /** Ends workers, connections and the optimizer. The state stays. */
  close(): Promise<void>;
}

/** Makes a server out of options: platform, core, optimizer, HTTP. The only place where the parts are tied together. */
export async function startFusionizerServer(options: FusionizerServerOptions): Promise<FusionizerServer> {
  // What is opened here is closed in the opposite order, also when a later step fails.
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await start(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: FusionizerServerOptions, closers: (() => Promise<void>)[]): Promise<Omit<FusionizerServer, 'close'>> {
  const began = performance.now();
  const hub = new Hub();
  const logs = new Logs();
  if (options.log) logs.subscribe(options.log);
  const traces = new Traces();
  sampleInvocations(traces, hub);

  const store = new Store(path.resolve(options.state));
  const lock = await StateLock.acquire(store.dir);
  closers.push(() => lock.release());
  await store.open();
  const damages: string[] = [];
  const saved = await store.load((message) => damages.push(message));
  const unfinished = damages.length > 0 ? [] : await store.removeUnfinished(saved);
  const platform = new EmbeddedPlatform({
    environmentsDir: store.environmentsDir,
    python: options.python,
    allowSystemCommands: options.allowSystemCommands,
    sink: () => fusionizer.reports,
  });
  const fusionizer: Fusionizer = new Fusionizer({ platform, store, hub, logs, traces }, saved);
  for (const damage of damages) fusionizer.reports.say('error', damage);
  if (unfinished.length > 0) fusionizer.reports.say('info', `Removed what the server's last end left unfinished: ${unfinished.join(', ')}`);
  const scheduling = await Scheduling.load({ fusionizer, hub, traces, file: options.schedule, optimizer: options.optimizer });

  const version = packageVersion();
  const health = (): Health => ({
    status: 'ok',
    name: 'fusionizer',
    version,
    platform: platform.name,
    address: listening.address.href,
    pid: process.pid,
    uptime: (performance.now() - began) / 1000,
    tasks: fusionizer.taskNames.length,
  });
  const host = options.host ?? '127.0.0.1';
  const tokenFile = options.tokenFile ?? path.join(store.dir, 'token');
  const auth = new Auth(await readAdminToken(tokenFile), options.auth === 'always' || !isLoopback(host));
  const parts: ServerParts = { fusionizer, store, hub, logs, traces, schedule: scheduling, health };
  const listening = await listen(parts, { host, port: options.port ?? 8000, allowedHosts: options.allowHosts ?? [], auth, patience: options.patience });
  closers.push(() => listening.close());
  closers.push(() => fusionizer.close());
  await lock.setAddress(listening.address);
  fusionizer.setServer(listening.address, (functionName) => (auth.required ? auth.invokeToken(functionName) : undefined));
  if (saved) await fusionizer.restore(saved);
  listening.open();
  closers.push(scheduling.start());
  return { address: listening.address, logs, tokenFile: auth.required ? tokenFile : undefined };
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return manifest.version;
}
