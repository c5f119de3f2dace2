import { FusionizerError } from '../../../shared/errors.ts';
import type { FunctionConfig } from '../../../task/yaml/functionYaml.ts';
import { parseQuantity } from '../../../task/yaml/quantity.ts';
import { type KillReason, MEMORY_LIMIT } from '../workers/workerEnd.ts';
import type { MemoryReader } from './memoryReader.ts';

export interface MemoryLimit {
  readonly bytes: number;
  /** As written in function.yaml. */
  readonly text: string;
}

/** A worker, as far as its memory is concerned. */
export interface GuardedWorker {
  /** Undefined when the process could not be made. */
  readonly pid: number | undefined;
  readonly exited: Promise<unknown>;
  kill(why: KillReason): void;
}

const MIB = 1024 ** 2;
/** The part of a worker's share of the limit that V8's heap gets. Node.js needs the rest for itself. */
const HEAP_PART = 0.75;
const LEAST_HEAP = 16;

/** `spec.resources.limits.memory`; undefined if it is not set. */
export function memoryLimitOf(config: FunctionConfig): MemoryLimit | undefined {
  const text = config.spec?.resources?.limits?.['memory'];
  return text === undefined ? undefined : { bytes: parseQuantity(text), text: String(text) };
}

/**
 * Makes V8 collect garbage before the limit is reached, as Node.js does in a container.
 * @param size how many workers share the limit
 */
export function heapOption({ bytes }: MemoryLimit, size: number): string {
  return `--max-old-space-size=${Math.max(LEAST_HEAP, Math.floor((bytes / size / MIB) * HEAP_PART))}`;
}

/**
 * Enforces one function's memory limit. Like a pod's limit, it holds for all workers together, with the processes that
 * they started. When they use more, the worker that uses most is ended. Each extra worker (docs/architecture.md) raises
 * the limit by a worker's share, because Nuclio does not have extra workers.
 */
export class MemoryGuard {
  readonly limit: MemoryLimit;
  readonly #size: number;
  readonly #reader: MemoryReader;
  readonly #hooks: { occupied(): void; deserted(): void };
  readonly #workers = new Map<number, GuardedWorker>();
  /** The use in bytes when a worker was ended for it. */
  #exceeded: number | undefined;

  /** @param hooks are called when there is the first worker to watch, and when the last one is gone */
  constructor(limit: MemoryLimit, size: number, reader: MemoryReader, hooks: { occupied(): void; deserted(): void }) {
    this.limit = limit;
    this.#size = size;
    this.#reader = reader;
    this.#hooks = hooks;
  }

  get pids(): number[] {
    return [...this.#workers.keys()];
  }

  /** Watches a worker from its first moment, before its modules are loaded, to its last. */
  watch(worker: GuardedWorker): void {
    const { pid } = worker;
    if (pid === undefined) return;
    this.#workers.set(pid, worker);
    this.#hooks.occupied();
    void worker.exited.then(() => this.#forget(pid));
  }

  /** @param use bytes by process id, read just now */
  async check(use: ReadonlyMap<number, number>): Promise<void> {
    if (!this.#isTooMuch(use)) return;
    const exact = await this.#reader.readExactly(this.pids);
    if (!this.#isTooMuch(exact)) return;
    const [most] = [...this.#workers].sort(([one], [other]) => (exact.get(other) ?? 0) - (exact.get(one) ?? 0));
    if (most === undefined) return;
    const [pid, worker] = most;
    this.#exceeded = this.#sum(exact);
    const why = this.#reason(this.#sum(exact));
    // Its memory will be free in a moment, so no other worker is ended for it.
    this.#forget(pid);
    worker.kill(why);
  }

  /** @throws FusionizerError `task` when the workers need more than the limit before their first event */
  async checkStart(): Promise<void> {
    const use = await this.#reader.readExactly(this.pids);
    // A worker that was ready may have been ended for this by now.
    const used = this.#exceeded ?? (this.#isTooMuch(use) ? this.#sum(use) : undefined);
    if (used === undefined) return;
    const workers = this.#size === 1 ? 'its worker needs' : `its ${this.#size} workers need`;
    throw new FusionizerError(
      'task',
      `function.yaml: spec.resources.limits.memory is ${this.limit.text}, but ${workers} ` +
        `${mib(used)} before the first event. Set it higher`,
      { file: 'function.yaml', keys: MEMORY_LIMIT },
    );
  }

  #forget(pid: number): void {
    if (this.#workers.delete(pid) && this.#workers.size === 0) this.#hooks.deserted();
  }

  #sum(use: ReadonlyMap<number, number>): number {
    let bytes = 0;
    for (const pid of this.#workers.keys()) bytes += use.get(pid) ?? 0;
    return bytes;
  }

  #isTooMuch(use: ReadonlyMap<number, number>): boolean {
    return this.#sum(use) > this.limit.bytes * Math.max(1, this.#workers.size / this.#size);
  }

  #reason(used: number): KillReason {
    const together = this.#size === 1 ? '' : ' for all workers together';
    return { what: 'ran out of memory', how: `limit ${this.limit.text}${together}, used ${mib(used)}`, crash: true };
  }
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
