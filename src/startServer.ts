import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventDelivery } from './engine/eventDelivery.ts';
import { Fusionizer } from './engine/fusionizer.ts';
import { CallGraph } from './engine/observe/callGraph.ts';
import { Hub } from './engine/observe/hub.ts';
import { Logs } from './engine/observe/logs.ts';
import { watchMissingModules } from './engine/observe/missingModules.ts';
import { sampleInvocations } from './engine/observe/sampling.ts';
import { ServerLog } from './engine/observe/serverLog.ts';
import { TraceHistory } from './engine/observe/traceHistory.ts';
import { openTraceStore } from './engine/observe/traceStore/openTraceStore.ts';
import { Traces } from './engine/observe/traces.ts';
import { watchUnanswered } from './engine/observe/unanswered.ts';
import { Replay } from './engine/replay.ts';
import { RunningEvents } from './engine/runningEvents.ts';
import { Store } from './engine/store.ts';
import type { Optimizer } from './optimizer/optimizer.ts';
import { Scheduling } from './optimizer/schedule/scheduling.ts';
import { EmbeddedPlatform } from './platform/embedded/embeddedPlatform.ts';
import type { EmbeddedTimes } from './platform/embedded/embeddedTimes.ts';
import { recordMask } from './secrets/mask.ts';
import { Auth, exposureOf, readAdminToken } from './server/http/auth.ts';
import { Followers } from './server/http/connections.ts';
import { isLoopback, listen } from './server/http/httpServer.ts';
import type { ServerParts } from './server/parts.ts';
import type { Health, LogRecord, Operation, TraceRecord } from './shared/api.ts';
import { DEFAULT_GRACE } from './shared/grace.ts';
import { packageRoot } from './shared/packageRoot.ts';
import { secretValues } from './shared/secretNames.ts';
import { ServerAddress } from './shared/serverAddress.ts';
import type { RecordMode } from './shared/traceApi.ts';
import { StateLock } from './state/stateLock.ts';
import { unusable } from './state/unusable.ts';
import { startCron } from './triggers/cron/cronEvents.ts';

export { loadOptimizer } from './optimizer/load.ts';
export { checkPython } from './platform/embedded/build/interpreters.ts';

export interface FusionizerServerOptions {
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /**
   * The name or address by which Tasks and clients reach the server, if it is not `host`, as behind a proxy or with a
   * host that stands for all addresses. Requests over the loopback address need no token then, unless `auth` is
   * `always`.
   */
  advertised?: string | undefined;
  /** Default 8000; 0 takes a free one. */
  port?: number | undefined;
  /**
   * `auto` (the default) asks for a token unless the server listens on the loopback address only; `always` asks for it.
   */
  auth?: 'auto' | 'always' | undefined;
  /** The file with the admin token, made if it is not there; default `token` in the state folder. */
  tokenFile?: string | undefined;
  /** Names that the server is reached by, besides IP addresses and localhost. */
  allowHosts?: readonly string[] | undefined;
  /**
   * How long a client may take for the headers of a request, and for each next piece of its body, in milliseconds;
   * default 30,000.
   */
  patience?: number | undefined;
  /** The folder for Tasks, builds and state. */
  state: string;
  /** The folder whose Tasks it serves. Commands of another folder do not change them by mistake. */
  folder?: string | undefined;
  /** A schedule file, reloaded when it changes. */
  schedule?: string | undefined;
  /** Starts although the schedule cannot be read, without its entries: it is followed as soon as it is right. */
  scheduleMayBeWrong?: boolean | undefined;
  /** Decides on setups instead of the schedule. */
  optimizer?: Optimizer | undefined;
  /** The Python interpreter for Tasks; python3 otherwise. */
  python?: string | undefined;
  /** Lets build commands use system package managers and sudo. */
  allowSystemCommands?: boolean | undefined;
  /** How many Tasks a chain of calls may have; default 32. */
  maxDepth?: number | undefined;
  /** How many worker processes the server may have; default: as many as fit into the machine's memory. */
  maxWorkers?: number | undefined;
  /** How long running and waiting events may take to end when the server closes, in milliseconds; default 10 s. */
  grace?: number | undefined;
  /** Cancels the start: all that was started is stopped, and the start rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Times of the embedded platform, for tests that wait for them. */
  times?: Partial<EmbeddedTimes> | undefined;
  /** How long an event may run until the log says that it has no answer yet, in milliseconds; default 10 s. */
  longEvent?: number | undefined;
  /** Which traces are kept on disk, with requests and answers; default `all`. */
  record?: RecordMode | undefined;
  /** The most that these take, in bytes; default 64 MiB, at least 64 KiB. */
  recordLimit?: number | undefined;
  /** Called for every log record, also those of the start. */
  log?: ((record: LogRecord) => void) | undefined;
  /** Called for every invocation from outside that has ended. */
  request?: ((record: TraceRecord) => void) | undefined;
  /** Called for every deploy, deletion and change of the setup that has ended. */
  change?: ((operation: Operation) => void) | undefined;
}

export interface FusionizerServer {
  readonly address: URL;
  readonly logs: Logs;
  /** How many events run or wait for a worker. */
  readonly running: () => number;
  /** Holds the admin token, where the server asks for one. */
  readonly tokenFile: string | undefined;
  /**
   * Ends in good order: no new requests, running events may end within the grace time, then workers and connections
   * end. The state stays.
   * @param hurry ends the grace time
   */
  close(hurry?: AbortSignal): Promise<void>;
}

type Closer = (hurry: AbortSignal | undefined) => Promise<void>;

/** Makes a server out of options. This is the only place that ties platform, engine, triggers, optimizer and HTTP. */
export async function startFusionizerServer(options: FusionizerServerOptions): Promise<FusionizerServer> {
  // All that is opened here is closed in the opposite order, also when a later step fails.
  const closers: Closer[] = [];
  const close = async (hurry?: AbortSignal): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer(hurry);
  };
  try {
    return { ...(await start(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: FusionizerServerOptions, closers: Closer[]): Promise<Omit<FusionizerServer, 'close'>> {
  const began = performance.now();
  const hub = new Hub();
  const traces = new Traces();
  sampleInvocations(traces, hub);
  const callGraph = new CallGraph((limit) => traces.ofEarlierRuns(limit));
  traces.subscribe((record, counted) => {
    // The names of Tasks that do not exist are unbounded.
    if (counted) callGraph.add(record);
  });
  const { request, change } = options;
  if (request)
    traces.subscribe((record) => {
      if (record.caller === null) request(record);
    });
  if (change)
    hub.subscribe(({ name, data }) => {
      if (name === 'operation' && 'endedAt' in data && data.endedAt !== null) change(data);
    }, true);

  const store = new Store(path.resolve(options.state));
  const lock = await StateLock.acquire(store.dir, options.signal).catch(unusable(store.dir));
  closers.push(() => lock.release());
  await store.open().catch(unusable(store.dir));
  const tokenFile = path.resolve(options.tokenFile ?? path.join(store.dir, 'token'));
  const tokenFault = unusable(
    tokenFile,
    'file with --token-file',
    options.tokenFile === undefined ? 'internal' : 'option',
  );
  const adminToken = await readAdminToken(tokenFile).catch(tokenFault);
  const exposed = await exposureOf(tokenFile).catch(tokenFault);
  const secrets = [adminToken, ...secretValues(process.env)];
  const logs = new Logs(recordMask(secrets));
  if (options.log) logs.subscribe(options.log);
  const serverLog = new ServerLog(logs);
  logs.subscribe((record, tasks) => hub.record('log', { tasks: [...tasks], record }));
  options.signal?.throwIfAborted();
  const found: [level: 'info' | 'warn' | 'error', message: string][] = exposed === undefined ? [] : [['warn', exposed]];
  const saved = await store.recover((level, message) => found.push([level, message])).catch(unusable(store.dir));
  const host = options.host ?? '127.0.0.1';
  const isOpenOnLoopback = options.advertised !== undefined && options.auth !== 'always';
  const auth = new Auth(adminToken, options.auth === 'always' || !isLoopback(host), isOpenOnLoopback);
  const address = new ServerAddress();
  const platform = new EmbeddedPlatform({
    address,
    tokenOf: (functionName) => (auth.required ? auth.invokeToken(functionName) : undefined),
    environmentsDir: store.environmentsDir,
    cacheDir: store.cacheDir,
    python: options.python,
    allowSystemCommands: options.allowSystemCommands,
    secrets,
    maxDepth: options.maxDepth,
    maxWorkers: options.maxWorkers,
    times: options.times,
    sink: () => fusionizer.reports,
  });
  const fusionizer: Fusionizer = new Fusionizer({ address, platform, store, hub, logs, traces, serverLog }, saved);
  watchMissingModules(logs, serverLog, (name) => fusionizer.task(name));
  const unfinished = await platform.recover().catch(unusable(store.environmentsDir));
  if (unfinished.length > 0)
    found.push(['info', `Removed environments whose build commands did not complete: ${unfinished.join(', ')}`]);
  for (const [level, message] of found) serverLog.write(level, message);
  const scheduling = await Scheduling.load({
    engine: {
      tasks: () => fusionizer.taskNames,
      setup: () => fusionizer.setupView().actual,
      traces: () => traces.find({}),
      isByHand: () => fusionizer.origin === 'manual',
      apply: (groups, signal) => fusionizer.changeSetup({ kind: 'put', groups, origin: 'optimizer', signal }),
      changed: (view) => hub.publish('schedule', view),
      logError: (message) => serverLog.write('error', message),
      logWarning: (message) => serverLog.write('warn', message),
    },
    file: options.schedule,
    mayBeWrong: options.scheduleMayBeWrong,
    optimizer: options.optimizer,
  });
  hub.subscribe(({ name }) => {
    if (name === 'setup') scheduling.setupChanged();
  });

  const version = packageVersion();
  const health = (): Health => ({
    status: 'ok',
    name: 'fusionizer',
    version,
    platform: platform.name,
    address: address.url.href,
    pid: process.pid,
    uptime: (performance.now() - began) / 1000,
    tasks: fusionizer.taskNames.length,
    folder: options.folder === undefined ? null : path.resolve(options.folder),
    state: store.dir,
  });
  const runningEvents = new RunningEvents(address, traces, fusionizer.reports, options.maxDepth);
  const traceStore = await openTraceStore(options, store.dir, { fusionizer, secrets, log: serverLog });
  traces.recordTo(traceStore);
  closers.push(async () => traceStore?.close());
  const history = new TraceHistory(traces);
  const parts: ServerParts = {
    address,
    auth,
    fusionizer,
    store,
    hub,
    logs,
    serverLog,
    traces,
    history,
    callGraph,
    replay: new Replay(fusionizer, runningEvents, history),
    runningEvents,
    schedule: scheduling,
    environments: platform.environments,
    followers: new Followers(),
    health,
  };
  const listening = await listen(parts, {
    host,
    advertised: options.advertised,
    port: options.port ?? 8000,
    allowedHosts: options.allowHosts ?? [],
    patience: options.patience,
  });
  closers.push(() => listening.close());
  closers.push(() => fusionizer.close());
  await lock.setAddress(listening.address);
  options.signal?.throwIfAborted();
  const cancel = (): void => fusionizer.operations.end();
  options.signal?.addEventListener('abort', cancel, { once: true });
  await fusionizer.restore(saved);
  options.signal?.removeEventListener('abort', cancel);
  options.signal?.throwIfAborted();
  listening.open();
  const delivery = new EventDelivery(fusionizer, runningEvents);
  const stopWatch = watchUnanswered(runningEvents, serverLog, options.longEvent);
  const stopCron = startCron(delivery, (...record) => serverLog.writeOf(...record));
  const stopScheduling = scheduling.start();
  closers.push(async (hurry) => {
    const { grace = DEFAULT_GRACE } = options;
    stopCron();
    stopWatch();
    const stopped = stopScheduling();
    fusionizer.operations.end();
    const left = await listening.drain(grace, hurry);
    const why = hurry?.aborted ? 'a second Ctrl+C or signal ended the wait' : `the wait of ${grace / 1000} s is over`;
    const events = left === 1 ? 'One event is' : `${left} events are`;
    if (left > 0) serverLog.write('warn', `${events} cut off, and answered with an error: ${why}`);
    await stopped;
  });
  return {
    address: address.url,
    logs,
    running: () => runningEvents.count,
    tokenFile: auth.required ? tokenFile : undefined,
  };
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return manifest.version;
}
