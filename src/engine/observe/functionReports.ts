import type { FunctionResponse, PlatformFunction, PlatformSink } from '../../platform/platform.ts';
import type { CallRecord, LogRecord } from '../../shared/api.ts';
import type { Logs } from './logs.ts';
import type { Traces } from './traces.ts';

/** How many remote calls whose start is known wait for their caller's record. */
const MAX_STARTS = 1000;

/** How an event came to its worker: only the server knows it. */
type Start = Pick<FunctionResponse, 'cold' | 'waited'>;

/** Receives what functions report, and adds what only the server knows. */
export class FunctionReports implements PlatformSink {
  readonly #logs: Logs;
  readonly #traces: Traces;
  readonly #servedWith: (task: string) => readonly string[] | undefined;
  /** By span. */
  readonly #starts = new Map<string, Start>();
  readonly #setup: () => string;
  readonly stateChanged: (fn: PlatformFunction) => void;

  /**
   * @param servedWith the Tasks of the function that serves a Task; undefined for a name that is not deployed
   * @param setup the id of the setup in force
   */
  constructor(
    logs: Logs,
    traces: Traces,
    servedWith: (task: string) => readonly string[] | undefined,
    stateChanged: (fn: PlatformFunction) => void,
    setup: () => string,
  ) {
    this.stateChanged = stateChanged;
    this.#setup = setup;
    this.#logs = logs;
    this.#traces = traces;
    this.#servedWith = servedWith;
  }

  /** A function logs under the names of its own group only: under any other name, a record is of the whole group. */
  log(record: LogRecord, group: readonly string[]): void {
    const known = record.task === null || group.includes(record.task);
    this.#logs.push(known ? record : { ...record, task: null }, group);
  }

  /** The id of the setup in force. */
  get setup(): string {
    return this.#setup();
  }

  calls(records: CallRecord[]): void {
    for (const call of records) {
      const group = this.#servedWith(call.callee);
      const start = call.local ? undefined : this.#starts.get(call.span);
      if (start) this.#starts.delete(call.span);
      this.#traces.push(
        {
          ...call,
          cold: start?.cold ?? false,
          ...(start?.waited === undefined ? {} : { waited: start.waited }),
          group: [...(group ?? [call.callee])],
          setup: this.#setup(),
          mode: 'sync',
        },
        group !== undefined,
      );
    }
  }

  /** Remembers that a remote call met a cold worker or waited for one, until its caller's record arrives. */
  noteStart(span: string, start: Start): void {
    this.#starts.set(span, start);
    const [oldest] = this.#starts.keys();
    if (this.#starts.size > MAX_STARTS && oldest !== undefined) this.#starts.delete(oldest);
  }
}
