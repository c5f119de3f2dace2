import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { FusionizerError, messageOf } from '../../core/errors.ts';
import { type CallRecord, type LogLevel, logLevelSchema, traceBatchSchema } from '../../shared/api.ts';
import { eventFrame, FrameReader } from './frames.ts';
import { LineReader } from './lineReader.ts';
import { PrintThrottle } from './printThrottle.ts';
import { killGroup } from './processGroup.ts';

export interface WorkerLog {
  time: number;
  level: LogLevel;
  message: string;
  with: Record<string, unknown>;
  task: string | null;
  trace: string | null;
  stream: 'log' | 'stdout' | 'stderr';
}

export interface WorkerSink {
  log(record: WorkerLog): void;
  calls(records: CallRecord[]): void;
}

export interface WorkerResponse {
  status: number;
  contentType: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Records of the event's logger, in order. */
  logs: WorkerLog[];
}

export interface WorkerCommand {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

const logSchema = z.object({
  level: logLevelSchema,
  message: z.string(),
  with: z.record(z.string(), z.unknown()).default({}),
  time: z.number(),
  task: z.string().nullish(),
  trace: z.string().nullish(),
});
const failureSchema = z.object({
  message: z.string(),
  traceback: z.string(),
  task: z.string().nullish(),
  file: z.string().nullish(),
  line: z.number().nullish(),
});
const responseSchema = z.tuple([z.int().min(100).max(999), z.string(), z.record(z.string(), z.string())]);
type ResponseMeta = z.infer<typeof responseSchema>;

/** Answers mostly repeat a few statuses and content types: their JSON is parsed once. */
const metas = new Map<string, ResponseMeta>();
const MAX_METAS = 500;

const parseMeta = (text: string): ResponseMeta => {
  const known = metas.get(text);
  if (known) return known;
  const meta = responseSchema.parse(JSON.parse(text));
  if (metas.size < MAX_METAS) metas.set(text, meta);
  return meta;
};

const MAX_EVENT_LOGS = 200;
/** Of an event's records together, in bytes: far more than X-Nuclio-Logs may have. */
const MAX_EVENT_LOG_BYTES = 64 * 1024;
/** Of one record's JSON, in bytes; what is longer is cut, since thousands of records are kept. */
const MAX_RECORD = 64 * 1024;

/** How long the prints of an ended worker are waited for, in milliseconds. */
const PIPE_GRACE = 1000;

const windows = process.platform === 'win32';

/** One worker: a process that runs a function package and takes one event at a time. */
export class WorkerProcess {
  readonly id: number;
  /** Has run an event: the next one is not cold. */
  warm = false;
  /** Resolves with a description when the process has ended. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #input: Duplex;
  readonly #throttle: PrintThrottle;
  #logs: WorkerLog[] = [];
  #logBytes = 0;
  /** Why it was ended by us; undefined: it ends by itself. */
  #fault: string | undefined;
  #settle: { resolve(response: WorkerResponse): void; reject(error: Error): void } | undefined;

  private constructor(id: number, child: ChildProcess, exited: Promise<string>, throttle: PrintThrottle) {
    this.id = id;
    this.#child = child;
    this.#input = child.stdio[3] as Duplex;
    this.exited = exited;
    this.#throttle = throttle;
  }

  /**
   * Starts a worker; resolves when its Tasks are loaded and `init_context` has run.
   * @throws FusionizerError `task` with what the Task's code said, `platform` when the process cannot start or takes too long
   */
  static async start(id: number, command: WorkerCommand, sink: WorkerSink, signal: AbortSignal, timeout: number): Promise<WorkerProcess> {
    signal.throwIfAborted();
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: command.env,
      // 3: frames in, 4: frames out, 5: lifeline.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own, so that what a handler starts ends with it, and Ctrl+C in the server's terminal does not reach it.
      detached: !windows,
      windowsHide: true,
    });
    const recent: string[] = [];
    let spawnError: Error | undefined;
    child.once('error', (error) => {
      spawnError = error;
    });
    const exited = new Promise<string>((resolve) => {
      const how = (code: number | null, killedBy: string | null): string => (killedBy ? `killed by ${killedBy}` : `exit status ${code}`);
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, killedBy) => resolve(how(code, killedBy)));
      child.once('exit', (code, killedBy) => {
        // What the worker started and left behind goes with it. What escaped the group may keep the pipes open: do not wait for that.
        killGroup(child.pid);
        setTimeout(() => resolve(how(code, killedBy)), PIPE_GRACE).unref();
      });
    });
    const say = (level: LogLevel, message: string, stream: WorkerLog['stream'] = 'log'): void =>
      sink.log({ time: Date.now(), level, message, with: {}, task: null, trace: null, stream });
    const throttle = new PrintThrottle((dropped) => {
      say('warn', `Worker ${id} says more than is kept: ${Math.round(dropped / 1024)} KiB of its prints and logs were dropped in a second`);
    });
    const worker = new WorkerProcess(id, child, exited, throttle);
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = new LineReader((message) => {
        recent.push(message);
        if (recent.length > 20) recent.shift();
        say(stream === 'stderr' ? 'warn' : 'info', message, stream);
      });
      child[stream]
        ?.on('data', (chunk: Buffer) => {
          if (throttle.allow(chunk.length)) lines.push(chunk);
        })
        .on('end', () => lines.end());
    }
    // Writing to a worker that has just died fails; its end is told by `exited`.
    for (const pipe of child.stdio) pipe?.on('error', () => worker.#input.destroy());
    return await new Promise<WorkerProcess>((resolve, reject) => {
      let failure: unknown;
      const fail = (error: unknown): void => {
        failure ??= error;
        killGroup(child.pid);
      };
      const abort = (): void => fail(signal.reason);
      const timer = setTimeout(() => {
        fail(
          new FusionizerError(
            'task',
            `The function was not ready after ${timeout / 1000} s: does its module or init_context wait for something? spec.readinessTimeoutSeconds sets the time`,
          ),
        );
      }, timeout);
      const cleanUp = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      const reader = new FrameReader((type, payload) => {
        if (type === 0x53 /* S */) {
          cleanUp();
          resolve(worker);
        } else if (type === 0x46 /* F */) fail(startFailure(payload));
        else worker.#frame(type, payload, sink);
      });
      (child.stdio[4] as Duplex).on('data', (chunk: Buffer) => {
        try {
          reader.push(chunk);
        } catch (error) {
          // A worker that breaks the protocol cannot be understood any more; its event fails with its end.
          if (worker.#fault === undefined) say('error', `Worker ${id} is ended: ${messageOf(error)}`);
          worker.#fault ??= messageOf(error);
          worker.kill();
        }
      });
      void exited.then((how) => {
        cleanUp();
        reject(failure ?? endedWhileStarting(command.command, how, recent, spawnError));
        worker.#settle?.reject(new Error(worker.#fault ?? how));
        worker.#settle = undefined;
      });
    });
  }

  /** Runs one event. Rejects when the worker ends before it answers; the message says how it ended. */
  run(meta: string, body: Buffer): Promise<WorkerResponse> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#input.write(eventFrame(meta, body));
    });
  }

  kill(): void {
    killGroup(this.#child.pid);
  }

  /** Lets the worker end by itself; after `grace` milliseconds it is killed. Resolves when it is gone. */
  async stop(grace: number): Promise<void> {
    this.#input.end();
    const timer = setTimeout(() => this.kill(), grace);
    await this.exited;
    clearTimeout(timer);
  }

  #frame(type: number, payload: Buffer, sink: WorkerSink): void {
    if (type === 0x52 /* R */) {
      const metaLength = payload.readUInt32BE(0);
      const [status, contentType, headers] = parseMeta(payload.toString('utf8', 4, 4 + metaLength));
      const settle = this.#settle;
      const logs = this.#logs;
      this.#settle = undefined;
      if (logs.length > 0) this.#logs = [];
      this.#logBytes = 0;
      settle?.resolve({ status, contentType, headers, body: payload.subarray(4 + metaLength), logs });
    } else if (type === 0x4c /* L */) {
      const { task, trace, ...rest } = logSchema.parse(JSON.parse(payload.toString()));
      const record: WorkerLog = { ...rest, ...(payload.length > MAX_RECORD ? cut(rest.message) : {}), task: task ?? null, trace: trace ?? null, stream: 'log' };
      // More than this does not fit into X-Nuclio-Logs, whatever the records hold.
      if (this.#settle && this.#logs.length < MAX_EVENT_LOGS && this.#logBytes < MAX_EVENT_LOG_BYTES) this.#logs.push(record);
      this.#logBytes += payload.length;
      if (this.#throttle.allow(payload.length)) sink.log(record);
    } else if (type === 0x54 /* T */) {
      sink.calls(traceBatchSchema.parse(JSON.parse(payload.toString())));
    } else throw new Error(`a worker sent a frame of unknown type ${type}`);
  }
}

/** A record that is too long to be kept: the beginning of its message, without its extra fields. */
function cut(message: string): Pick<WorkerLog, 'message' | 'with'> {
  return { message: `${message.slice(0, MAX_RECORD / 4)}... (cut: the record was too long)`, with: {} };
}

function endedWhileStarting(command: string, how: string, recent: readonly string[], spawnError: Error | undefined): FusionizerError {
  if (spawnError) return new FusionizerError('platform', `${command} cannot be started: ${spawnError.message}`, { cause: spawnError });
  const said = recent.length > 0 ? `: ${recent.slice(-5).join('\n')}` : '';
  return new FusionizerError('task', `The function ended while it started (${how})${said}`);
}

function startFailure(payload: Buffer): FusionizerError {
  const { message, traceback, task, file, line } = failureSchema.parse(JSON.parse(payload.toString()));
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  const who = task ? `Task '${task}' cannot start: ` : 'The function cannot start: ';
  return new FusionizerError('task', `${who}${place}${message}`, { file: file ?? undefined, line: line ?? undefined, cause: new Error(traceback) });
}
