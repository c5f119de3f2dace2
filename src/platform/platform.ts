import type { CallRecord, Crash, LogRecord, TaskState } from '../shared/api.ts';
import type { FunctionConfig, Runtime } from '../task/yaml/functionYaml.ts';
import type { SourcePaths } from './sourcePaths.ts';

/** What the Fuser made of one Fusion Group: a folder that a platform can build and run (docs/dispatcher.md). */
export interface FunctionPackage {
  /** The platform's name for the function: valid for Nuclio and Kubernetes, different for each build. */
  readonly name: string;
  readonly dir: string;
  readonly group: readonly string[];
  readonly runtime: Runtime;
  /** The merged function.yaml. */
  readonly config: FunctionConfig;
  /**
   * Environment variables whose values come from elsewhere (`valueFrom`), each with the Tasks whose function.yaml has
   * it so.
   */
  readonly valuesFrom: ReadonlyMap<string, readonly string[]>;
  /** Names places in the package's code by the users' own files, for all that people read. */
  readonly sourcePaths: SourcePaths;
}

/** An event for a function, as it came in: the platform does to it what Nuclio's http trigger does. */
export interface FunctionEvent {
  readonly task: string;
  readonly method: string;
  /** Raw path and query behind the Task's name, beginning with `/`. */
  readonly target: string;
  /** Names and values in turns, as `http.IncomingMessage.rawHeaders`; the server's own headers included. */
  readonly headers: string[];
  readonly body: Buffer;
  /** W3C ids: 32 and 16 hex digits. */
  readonly trace: string;
  readonly span: string;
  /** The event in which a Task made this call; undefined for an outer invocation. */
  readonly parent: InFlightEvent | undefined;
}

/** An event of a cron trigger, as the handler is to see it: nothing is done to it. */
export interface CronEvent {
  readonly task: string;
  /** The merged trigger's name. */
  readonly trigger: string;
  readonly method: string;
  readonly path: string;
  /** The server's own included. */
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: Buffer;
  /** W3C ids: 32 and 16 hex digits. */
  readonly trace: string;
  readonly span: string;
}

/** A running event, linked to the one that called it: the platform finds its call chain here. */
export interface InFlightEvent {
  readonly fn: PlatformFunction;
  readonly parent: InFlightEvent | undefined;
  /** Calls below this event that wait for a worker. */
  waiting: number;
  /**
   * Who waits for the answer, destroyed when they have gone away; undefined where nobody ever does, as with a cron
   * trigger.
   */
  readonly client: { readonly destroyed: boolean } | undefined;
}

export interface FunctionResponse {
  readonly status: number;
  /** Names and values in turns, Content-Type included. */
  readonly headers: string[];
  readonly body: Buffer | string;
  /** This event was the first of its worker. */
  readonly cold: boolean;
}

/** A deployed, running function. */
export interface PlatformFunction {
  readonly name: string;
  readonly group: readonly string[];
  readonly state: TaskState;
  /** Of the crash loop that it is in; undefined otherwise. */
  readonly crash: Crash | undefined;
  readonly workers: number;
  /**
   * Since when every worker has run one and the same event, in Unix milliseconds; undefined while that is less than a
   * few seconds.
   */
  readonly busySince: number | undefined;
  /** Workers that ended by themselves and were started again, since the function was deployed. */
  readonly restarts: number;
  /** Events that wait for a worker. */
  readonly waiting: number;
  /** Largest request body in bytes; a larger one is answered as Nuclio does. */
  readonly maxBody: number;
  /** Whether a page of this origin may invoke the function, by its CORS settings. */
  allowsOrigin(origin: string): boolean;
  /**
   * Runs one event. Every answer of the function is a response, 4xx and 5xx too. Rejects only with a FusionizerError
   * `platform`.
   * @param inFlight this event's own entry, for calls that come back into the function
   */
  invoke(event: FunctionEvent, inFlight: InFlightEvent): Promise<FunctionResponse>;
  /**
   * Runs one event of a cron trigger, with the answers and errors of `invoke`. Not there on a platform that runs cron
   * triggers itself: then the server keeps no clocks for the function's Tasks.
   */
  tick?(event: CronEvent, inFlight: InFlightEvent): Promise<FunctionResponse>;
  /**
   * Waits until accepted events have ended, then removes the function. Events whose clients have gone away get some
   * seconds. Never rejects for an event's failure.
   */
  retire(): Promise<void>;
}

/** Receives what functions say. All are called in order, off the path of events. */
export interface PlatformSink {
  log(record: LogRecord, group: readonly string[]): void;
  /** Calls between Tasks that a Dispatcher recorded. */
  calls(records: CallRecord[]): void;
  /** A function's `state` is another one now, or it is busy, or no more. */
  stateChanged(fn: PlatformFunction): void;
}

export interface DeployProgress {
  readonly signal: AbortSignal;
  stage(stage: 'build' | 'start'): void;
  /** A line that a build command printed. */
  output(line: string): void;
  warn(message: string): void;
}

/** Where functions run. */
export interface Platform {
  readonly name: string;
  /** Whether the platform has the Dispatcher itself, so that a package need not carry it. */
  readonly bringsDispatcher: boolean;
  /**
   * Refuses what this platform cannot run, before anything is built.
   * @throws FusionizerError `task`
   */
  check(config: FunctionConfig, runtime: Runtime): void;
  /**
   * Builds and starts a function; resolves when it takes events. A failure leaves nothing behind.
   * @throws FusionizerError `task` when the Task is at fault, with file and line where known; `platform` otherwise
   */
  deploy(functionPackage: FunctionPackage, progress: DeployProgress): Promise<PlatformFunction>;
  /**
   * Where functions reach the server, known once it listens, and the token that each of them sends; undefined where
   * none is asked for.
   */
  setServer(address: URL, tokenOf: (functionName: string) => string | undefined): void;
  /** Ends every function: events that still run fail. */
  close(): Promise<void>;
}
