import type {
  FunctionEvent,
  FunctionPackage,
  FunctionResponse,
  InFlightEvent,
  Load,
  PlatformFunction,
  PlatformSink,
  TriggerEvent,
} from '../../src/platform/platform.ts';
import type { Crash, LogRecord, TaskState } from '../../src/shared/api.ts';
import { isSecretName } from '../../src/shared/secretNames.ts';
import { parseQuantity } from '../../src/task/yaml/quantity.ts';
import { type FakeEvent, FakeTask } from './fakeTask.ts';

/** Nuclio's defaults. */
const MAX_BODY = 4 * 1024 ** 2;
const WAIT = 10_000;
/** Ends of a worker in a row that make a crash loop. */
const LOOP_AFTER = 3;

/** A function of the fake platform: its Tasks' handlers run in this process. */
export class FakeFunction implements PlatformFunction {
  readonly name: string;
  readonly group: readonly string[];
  readonly maxBody: number;
  readonly secrets: readonly string[];
  /** The server that the function belongs to now. */
  sink: PlatformSink;
  /** The function as that server sees it. */
  view: FakeFunction = this;
  /** Set by a platform whose functions outlive the server. */
  saved: unknown;
  crash: Crash | undefined;
  /** Set by tests. */
  busySince: number | undefined;
  deliver?: (event: TriggerEvent, inFlight: InFlightEvent) => Promise<FunctionResponse>;
  readonly #package: FunctionPackage;
  readonly #tasks = new Map<string, FakeTask>();
  readonly #workers: number;
  readonly #wait: number;
  readonly #ended: Promise<FunctionResponse>;
  #answerAll: (response: FunctionResponse) => void = () => {};
  #isEnded = false;
  #cold: number;
  #running = 0;
  #queue: ((free: boolean) => void)[] = [];
  #drained: (() => void)[] = [];
  #restarts = 0;

  constructor(functionPackage: FunctionPackage, sink: PlatformSink) {
    const { name, group, config } = functionPackage;
    const http = Object.values(config.spec?.triggers ?? {}).find(({ kind }) => kind === 'http');
    const maxBody = http?.attributes?.['maxRequestBodySize'];
    this.#ended = new Promise((resolve) => {
      this.#answerAll = resolve;
    });
    this.name = name;
    this.group = group;
    this.sink = sink;
    this.#package = functionPackage;
    this.maxBody = typeof maxBody === 'number' || typeof maxBody === 'string' ? parseQuantity(maxBody) : MAX_BODY;
    const env = (config.spec?.env ?? []).flatMap(({ name: variable, value }) =>
      isSecretName(variable) ? [String(value)] : [],
    );
    this.secrets = env;
    this.#workers = http?.numWorkers || 1;
    this.#cold = this.#workers;
    this.#wait = http?.workerAvailabilityTimeoutMilliseconds ?? WAIT;
  }

  /** @throws FusionizerError `task` when a Task's code fails */
  async start(): Promise<void> {
    for (const name of this.group) {
      const listener = {
        log: (record: Omit<LogRecord, 'time' | 'function'>) => this.#log(record),
        exit: (code: number) => this.#crashed(code),
      };
      const task = await FakeTask.read(this.#package, name, listener);
      // A cancelled deploy ends its function while this one is read.
      if (this.#isEnded) return;
      this.#tasks.set(name, task);
      await task.start();
    }
  }

  get state(): TaskState {
    return this.crash === undefined ? 'ready' : 'crash-loop';
  }

  load(): Load | undefined {
    const { busySince } = this;
    return { workers: this.#workers, restarts: this.#restarts, waiting: this.#queue.length, busySince };
  }

  allowsOrigin(): boolean {
    return false;
  }

  async invoke({ task, method, target, headers, body, trace }: FunctionEvent): Promise<FunctionResponse> {
    const { pathname, searchParams } = new URL(target, 'http://fake');
    const pairs: [string, string][] = [];
    for (let index = 0; index < headers.length; index += 2)
      pairs.push([headers[index] ?? '', headers[index + 1] ?? '']);
    return this.#run(task, {
      method,
      path: pathname,
      fields: Object.fromEntries(searchParams),
      headers: Object.fromEntries(pairs),
      body,
      trace,
      content_type: '',
      timestamp: new Date(),
      trigger: { kind: 'http', name: 'default-http' },
    });
  }

  /** The handler sees its own name of the trigger, as the Dispatcher shows it. */
  async runTrigger(event: TriggerEvent): Promise<FunctionResponse> {
    const { task, trigger, method, path, headers, body, trace, contentType, timestamp } = event;
    const name = this.#tasks.get(task)?.triggers[trigger.name] ?? trigger.name;
    const own = { method, path, headers, body, trace, fields: {}, content_type: contentType };
    return this.#run(task, { ...own, timestamp: new Date(timestamp * 1000), trigger: { kind: trigger.kind, name } });
  }

  async #run(name: string, event: FakeEvent): Promise<FunctionResponse> {
    const task = this.#tasks.get(name);
    if (!task) throw new Error(`function ${this.name} has no Task '${name}'`);
    if (this.#running < this.#workers) this.#running += 1;
    else if (!(await this.#waitForWorker())) return { status: 503, headers: [], body: '', cold: false };
    const cold = this.#cold > 0;
    this.#cold = Math.max(0, this.#cold - 1);
    try {
      const answer = await Promise.race([task.run(event), this.#ended]);
      if (!('exited' in answer) && !this.#isEnded) this.#recovered();
      return { ...answer, cold };
    } finally {
      // The worker goes straight to the next event.
      const next = this.#queue.shift();
      if (next) next(true);
      else this.#running -= 1;
      if (this.#running === 0) for (const drained of this.#drained.splice(0)) drained();
    }
  }

  #waitForWorker(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#queue = this.#queue.filter((one) => one !== take);
        resolve(false);
      }, this.#wait);
      const take = (free: boolean): void => {
        clearTimeout(timer);
        resolve(free);
      };
      this.#queue.push(take);
    });
  }

  /** Resolves when no event runs or waits. */
  async drain(): Promise<void> {
    if (this.#isEnded || this.#running === 0) return;
    await Promise.race([new Promise<void>((resolve) => this.#drained.push(resolve)), this.#ended]);
  }

  /** Ends the workers: events that still run are answered with 500, those that wait with 503. */
  end(): void {
    this.#isEnded = true;
    for (const take of this.#queue.splice(0)) take(false);
    this.#answerAll({ status: 500, headers: [], body: 'The worker ended while it ran this event', cold: false });
    for (const task of this.#tasks.values()) task.end();
  }

  /** Set by the platform, which knows what a removal is. */
  retire: () => Promise<void> = async () => this.end();

  #log(record: Omit<LogRecord, 'time' | 'function'>): void {
    this.sink.log({ ...record, time: Date.now(), function: this.name }, this.group);
  }

  #inARow = 0;

  #crashed(code: number): void {
    this.#inARow += 1;
    this.#restarts += 1;
    if (this.#inARow < LOOP_AFTER) return;
    const ended = `it ended (exit status ${code}) while it ran an event`;
    const began = this.crash === undefined;
    const restarts = this.#restarts;
    this.crash = { at: new Date().toISOString(), ended, inARow: this.#inARow, restarts, output: '' };
    if (began) this.sink.stateChanged(this.view);
  }

  #recovered(): void {
    this.#inARow = 0;
    if (this.crash === undefined) return;
    this.crash = undefined;
    this.sink.stateChanged(this.view);
  }
}
