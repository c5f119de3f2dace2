import type { CallRecord, Crash, LogRecord, TaskState } from '../shared/api.ts';
import type { ChainLink } from '../shared/callChain.ts';
import type { FunctionConfig, Runtime } from '../task/yaml/functionYaml.ts';

/**
 * The package that the Fuser makes of one Fusion Group: a folder that a platform can build and run
 * (docs/function-package.md). All fields are plain data, which can be stored and sent.
 */
export interface FunctionPackage {
  /** The platform's name for the function: valid for Nuclio and Kubernetes, different for each build. */
  readonly name: string;
  readonly dir: string;
  readonly group: readonly string[];
  readonly runtime: Runtime;
  /** The merged function.yaml. */
  readonly config: FunctionConfig;
  /** The build commands of each Task, for a platform that runs them Task by Task. The merged ones are in `config`. */
  readonly builds: readonly TaskBuild[];
  /** Environment variables whose values come from elsewhere (`valueFrom`). */
  readonly valuesFrom: readonly ValueFrom[];
  /** Where the Tasks' files come from. A platform names places in code by the user's own files (`sourcePaths.ts`). */
  readonly sourceFolders: readonly SourceFolder[];
}

/** The build commands of one Task of a package. */
export interface TaskBuild {
  /** The Task's folder in the package, relative, with slashes: `tasks/<name>`. */
  readonly built: string;
  /** As in its function.yaml. */
  readonly commands: readonly string[];
}

/** A variable that has `valueFrom` in the function.yaml of these Tasks. */
export interface ValueFrom {
  readonly variable: string;
  readonly tasks: readonly string[];
}

/** The folder of a Task in a package, and the folder that it was deployed from. */
export interface SourceFolder {
  /** Relative to the package's folder, with slashes: `tasks/<name>`. */
  readonly built: string;
  /** Absolute. */
  readonly source: string;
}

/** An event for a function, as it came in: the platform does to it what Nuclio's http trigger does. */
export interface FunctionEvent {
  readonly task: string;
  readonly method: string;
  /** Raw path and query behind the Task's name, beginning with `/`. */
  readonly target: string;
  /** Names and values alternate, as in `http.IncomingMessage.rawHeaders`. The server's own headers are included. */
  readonly headers: string[];
  readonly body: Buffer;
  /** W3C ids: 32 and 16 hex digits. */
  readonly trace: string;
  readonly span: string;
  /** The event in which a Task made this call; undefined for an outer invocation. */
  readonly parent: InFlightEvent | undefined;
}

/** An event of a trigger other than http. The handler gets these values unchanged. */
export interface TriggerEvent {
  readonly task: string;
  /** Kind and merged name of the trigger. */
  readonly trigger: { readonly kind: string; readonly name: string };
  readonly method: string;
  readonly path: string;
  /** The server's own headers are included. */
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  /** Empty where the trigger does not have one. */
  readonly contentType: string;
  /** Unix seconds; 0 where the trigger does not have one. */
  readonly timestamp: number;
  readonly body: Buffer;
  /** W3C ids: 32 and 16 hex digits. */
  readonly trace: string;
  readonly span: string;
}

/** A running event, linked to its caller: the platform finds its call chain here. */
export interface InFlightEvent {
  readonly fn: PlatformFunction;
  readonly parent: InFlightEvent | undefined;
  /** Its Task and the call chain above it, which also has Tasks that were called within functions. */
  readonly link: ChainLink;
  /** Calls below this event that wait for a worker. */
  waiting: number;
  /**
   * The client that waits for the answer; destroyed when it has gone away. Undefined where nobody waits, as with a
   * cron trigger.
   */
  readonly client: { readonly destroyed: boolean } | undefined;
}

export interface FunctionResponse {
  readonly status: number;
  /** Names and values alternate. Content-Type is included. */
  readonly headers: string[];
  readonly body: Buffer | string;
  /** This event was the first of its worker. */
  readonly cold: boolean;
  /** The worker that ran it; undefined where no worker did, or the platform cannot know it. */
  readonly worker?: string | undefined;
  /** Milliseconds that the event waited for a worker; undefined where one was free, or the platform cannot know it. */
  readonly waited?: number | undefined;
}

/** What a function's workers do now. */
export interface Load {
  readonly workers: number;
  /** Workers that ended by themselves and were started again, since the function was deployed. */
  readonly restarts: number;
  /** Events that wait for a worker. */
  readonly waiting: number;
  /**
   * Since when every worker has run one and the same event, in Unix milliseconds; undefined while that is less than a
   * few seconds.
   */
  readonly busySince: number | undefined;
}

/** A deployed, running function. */
export interface PlatformFunction {
  readonly name: string;
  readonly group: readonly string[];
  readonly state: TaskState;
  /** Of the crash loop that it is in; undefined otherwise. */
  readonly crash: Crash | undefined;
  /** Values that nobody may see, such as passwords in its environment. What is recorded of its events is masked. */
  readonly secrets: readonly string[];
  /** Largest request body in bytes; a larger one is answered as Nuclio does. */
  readonly maxBody: number;
  /**
   * What `adopt` needs to take the function over after a restart of the server: JSON, which only the platform
   * understands. Undefined where functions end with the server.
   */
  readonly saved: unknown;
  /** Undefined where the platform cannot know it: views then say "unknown", not 0. */
  load(): Load | undefined;
  /** Whether a page of this origin may invoke the function, by its CORS settings. */
  allowsOrigin(origin: string): boolean;
  /**
   * Runs one event. Every answer of the function is a response, 4xx and 5xx too. Rejects only with a FusionizerError
   * `platform`.
   * @param inFlight this event's own entry, for calls that come back into the function
   */
  invoke(event: FunctionEvent, inFlight: InFlightEvent): Promise<FunctionResponse>;
  /**
   * Runs one event of a trigger other than http, with the answers and errors of `invoke`. Absent where the platform
   * runs triggers itself: the server then runs no triggers for the function's Tasks.
   */
  deliver?(event: TriggerEvent, inFlight: InFlightEvent): Promise<FunctionResponse>;
  /**
   * Waits until accepted events have ended, then removes the function. Events whose clients have gone away get a few
   * seconds. An event's failure does not make it reject.
   */
  retire(): Promise<void>;
}

/** Receives what functions report. All methods are called in order, off the path of events. */
export interface PlatformSink {
  log(record: LogRecord, group: readonly string[]): void;
  /** Calls between Tasks that a Dispatcher recorded. */
  calls(records: CallRecord[]): void;
  /** The `state` of a function has changed, or it became busy or is no longer busy. */
  stateChanged(fn: PlatformFunction): void;
}

export interface DeployProgress {
  readonly signal: AbortSignal;
  stage(stage: 'build' | 'start'): void;
  /** A line that a build command printed. */
  output(line: string): void;
  warn(message: string): void;
}

/** A function as the server's state holds it over a restart. */
export interface SavedFunction {
  readonly name: string;
  readonly group: readonly string[];
  /** `PlatformFunction.saved`, as it was. */
  readonly saved: unknown;
}

/** Where functions run. */
export interface Platform {
  readonly name: string;
  /** Whether the platform has the Dispatcher itself: then packages do not include it. */
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
   * Takes over a function that still runs after the server's restart.
   * @returns undefined if the function has to be built again
   */
  adopt(saved: SavedFunction): Promise<PlatformFunction | undefined>;
  /**
   * The names of functions that carry this server's label, but that were neither deployed nor adopted by this run of
   * the server. A function whose deploy is under way is not one of them.
   */
  leftovers(): Promise<string[]>;
  /**
   * Removes one of the leftovers. A function that is already gone is not an error.
   * @throws FusionizerError `platform` for a function that this run of the server deployed or adopted
   */
  remove(name: string): Promise<void>;
  /**
   * Ends deploys that are under way, and every function: events that still run fail.
   * @param options with `keep`, functions that can serve without the server stay, to be adopted by its next run
   */
  close(options: { keep: boolean }): Promise<void>;
}
