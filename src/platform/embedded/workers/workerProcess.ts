import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { RecordMask, TextMask } from '../../../secrets/mask.ts';
import type { CallRecord } from '../../../shared/api.ts';
import { messageOf } from '../../../shared/errors.ts';
import { timerDelay } from '../../../shared/timerDelay.ts';
import type { EmbeddedTimes } from '../embeddedTimes.ts';
import type { MemoryGuard } from '../memory/memoryGuard.ts';
import { killGroup } from '../processes/processGroup.ts';
import { eventFrame, FrameReader } from './frames.ts';
import { type SpawnedWorker, spawnWorker, type WorkerCommand } from './spawnWorker.ts';
import {
  endedByItself,
  endedWhileStarting,
  type KillReason,
  notReadyInTime,
  type WorkerEnd,
  WorkerEndedError,
} from './workerEnd.ts';
import {
  parseFailure,
  parseLog,
  parseMeta,
  parseTraces,
  startFailure,
  TOO_MANY_HEADERS,
  TOO_MANY_HEADERS_TEXT,
  type WorkerFailure,
  type WorkerLog,
} from './workerMessages.ts';
import { WorkerOutput } from './workerOutput.ts';

export interface WorkerSink {
  /** The record is masked, as is all output of a worker. */
  log(record: WorkerLog): void;
  readonly mask: TextMask;
  readonly maskRecord: RecordMask;
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

export interface StartOptions {
  command: WorkerCommand;
  sink: WorkerSink;
  /** Cancels the start. */
  signal: AbortSignal;
  /** The worker has to be ready after this time, in milliseconds. */
  timeout: number;
  /** Enforces the function's memory limit, if it has one. */
  memory: MemoryGuard | undefined;
  times: EmbeddedTimes;
}

const MAX_EVENT_LOGS = 200;
/** The size of an event's records together, in bytes: far more than X-Nuclio-Logs may have. */
const MAX_EVENT_LOG_BYTES = 64 * 1024;

/** One worker: a process that runs a function package and takes one event at a time. */
export class WorkerProcess {
  readonly id: number;
  /** It has run an event, so the next one is not cold. */
  warm = false;
  /** It has answered an event with a status below 500, so it works. */
  proven = false;
  /** It has reported that it ends, and gets no more events. */
  ending = false;
  /** Resolves when the process has ended. */
  readonly exited: Promise<WorkerEnd>;
  readonly #times: EmbeddedTimes;
  readonly #child: ChildProcess;
  readonly #input: Duplex;
  readonly #output: WorkerOutput;
  readonly #sink: WorkerSink;
  #logs: WorkerLog[] = [];
  #logBytes = 0;
  #settle: { resolve(response: WorkerResponse): void; reject(error: Error): void } | undefined;
  #started: (() => void) | undefined;
  #startFailure: unknown;
  #killed: KillReason | undefined;
  #traceback: string | undefined;
  /** Calls between Tasks still run, though their events have ended. */
  #unfinished = false;
  #unfinishedChanged: (() => void) | undefined;

  private constructor(id: number, spawned: SpawnedWorker, { sink, memory, times }: StartOptions) {
    this.id = id;
    this.#times = times;
    this.#child = spawned.child;
    this.#input = spawned.input;
    this.#sink = sink;
    this.#output = new WorkerOutput(`Worker ${id}`, sink.mask, sink.log, times.printWindow);
    this.#output.follow('stdout', spawned.child.stdout);
    this.#output.follow('stderr', spawned.child.stderr);
    this.#readFrames(spawned.output);
    this.exited = this.#end(spawned, memory?.limit.text);
    // This handler is the first one, but the event's failure is handled after all others that wait for the end.
    void this.exited.then((end) => {
      this.#settle?.reject(new WorkerEndedError(end));
      this.#settle = undefined;
    });
  }

  /**
   * Starts a worker. Resolves when its Tasks are loaded and `init_context` has run.
   * @throws FusionizerError `task` with the error of the Task's code or when it takes too long; `platform` when the
   *   process cannot start
   */
  static async start(id: number, options: StartOptions): Promise<WorkerProcess> {
    const { command, signal, timeout } = options;
    signal.throwIfAborted();
    const worker = new WorkerProcess(id, spawnWorker(command, options.times.pipeGrace), options);
    options.memory?.watch(worker);
    const fail = (error: unknown): void => worker.#failStart(error);
    const abort = (): void => fail(signal.reason);
    const timer = setTimeout(() => fail(notReadyInTime(timeout)), timerDelay(timeout));
    signal.addEventListener('abort', abort, { once: true });
    try {
      await worker.#untilStarted(command.command);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
    return worker;
  }

  /** Undefined when the process could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs one event. @throws WorkerEndedError when the worker ends before it answers */
  run(meta: string, body: Buffer): Promise<WorkerResponse> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#input.write(eventFrame(meta, body));
    });
  }

  /**
   * Ends the worker, and what it started, at once.
   * @param why the first reason is reported
   */
  kill(why: KillReason): void {
    this.#killed ??= why;
    killGroup(this.#child.pid);
  }

  /**
   * Lets the worker end by itself, and kills it after `grace` milliseconds. Resolves when it is gone.
   * @param patience instead of `grace`, for a worker in which calls between Tasks still run
   */
  async stop(grace: number, why: KillReason, patience = grace): Promise<void> {
    this.#killed ??= why;
    let timer: NodeJS.Timeout | undefined;
    this.#unfinishedChanged = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.kill(why), timerDelay(this.#unfinished ? patience : grace));
    };
    this.#unfinishedChanged();
    this.#input.end();
    await this.exited;
    clearTimeout(timer);
  }

  async #untilStarted(program: string): Promise<void> {
    const started = new Promise<void>((resolve) => {
      this.#started = resolve;
    });
    const ended = this.exited.then((end) => {
      throw this.#startFailure ?? endedWhileStarting(program, end);
    });
    await Promise.race([started, ended]);
  }

  #ready(): void {
    this.#started?.();
    this.#started = undefined;
  }

  /** The worker could not start, or an error outside of any handler ends it. */
  #failed(said: WorkerFailure): void {
    const failure = { ...said, message: this.#sink.mask(said.message), traceback: this.#sink.mask(said.traceback) };
    if (this.#started) {
      this.#failStart(startFailure(failure));
      return;
    }
    this.ending = true;
    this.#traceback = failure.traceback;
    void this.stop(this.#times.lastWords, { what: 'ended', how: failure.message, crash: true });
  }

  #failStart(error: unknown): void {
    this.#startFailure ??= error;
    this.kill({ what: 'ended', how: messageOf(error), crash: true });
  }

  async #end(spawned: SpawnedWorker, limit: string | undefined): Promise<WorkerEnd> {
    const { code, signal, error } = await spawned.exited;
    const why: KillReason =
      this.#killed ??
      (error
        ? { what: 'ended', how: error.message, crash: true }
        : endedByItself(code, signal, this.#output.heapFull, limit));
    return { ...why, output: this.#traceback ?? this.#output.tail, spawnError: error };
  }

  #readFrames(from: Duplex): void {
    const reader = new FrameReader((type, payload) => this.#frame(type, payload));
    from.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        // The rest of the stream cannot be read after a broken frame. The worker's event fails with its end.
        const words = this.#sink.mask(messageOf(error));
        if (this.#killed === undefined) this.#output.say('error', `Worker ${this.id} is ended: ${words}`);
        this.kill({ what: 'ended', how: `it broke the protocol: ${words}`, crash: true });
      }
    });
  }

  #frame(type: number, payload: Buffer): void {
    if (type === 0x52 /* R */) {
      const metaLength = payload.readUInt32BE(0);
      const meta = parseMeta(payload.toString('utf8', 4, 4 + metaLength));
      const [status, contentType, headers] = meta;
      const body = meta === TOO_MANY_HEADERS ? Buffer.from(TOO_MANY_HEADERS_TEXT) : payload.subarray(4 + metaLength);
      const settle = this.#settle;
      const logs = this.#logs;
      this.#settle = undefined;
      if (logs.length > 0) this.#logs = [];
      this.#logBytes = 0;
      if (status < 500) this.proven = true;
      settle?.resolve({ status, contentType, headers, body, logs });
    } else if (type === 0x4c /* L */) {
      const record = parseLog(payload, this.#sink);
      // More records would not fit into X-Nuclio-Logs.
      if (this.#settle && this.#logs.length < MAX_EVENT_LOGS && this.#logBytes < MAX_EVENT_LOG_BYTES)
        this.#logs.push(record);
      this.#logBytes += payload.length;
      this.#output.record(record, payload.length);
    } else if (type === 0x54 /* T */) {
      this.#sink.calls(parseTraces(payload));
    } else if (type === 0x53 /* S */) this.#ready();
    else if (type === 0x55 /* U */) {
      this.#unfinished = payload[0] === 0x31;
      this.#unfinishedChanged?.();
    } else if (type === 0x46 /* F */) this.#failed(parseFailure(payload));
    else throw new Error(`a worker sent a frame of unknown type ${type}`);
  }
}
