import { isDeepStrictEqual } from 'node:util';
import type { KeptState } from '../keptState.ts';

/** The source of a payload: a payload document, another file, a text, or none. */
export type PayloadSource =
  | { readonly kind: 'document' | 'file'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' };

/** An invocation, answered or not. */
export interface RecentCall {
  readonly source: PayloadSource;
  readonly method: string;
  readonly path: string;
  /** The status of its answer; null without one: it was cancelled, ran out of time, or waits still. */
  readonly status: number | null;
  /** Milliseconds. */
  readonly duration: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** Equal for equal requests: by `requestKey`. Calls that an older version kept have none. */
  readonly request?: string;
}

const KEY = 'fusionizer.recentCalls';
const CALLS = 10;
const TASKS = 50;
/** Characters of texts that are kept for each Task. A longer text is not kept and cannot be repeated. */
const TEXT = 100_000;

type Kept = Record<string, RecentCall[]>;

/**
 * The last calls of each Task, one for each source, newest first. Their number is limited; the workspace keeps them.
 */
export class RecentCalls {
  readonly #store: KeptState;

  constructor(store: KeptState) {
    this.#store = store;
  }

  of(task: string): readonly RecentCall[] {
    return this.#kept()[task] ?? [];
  }

  /** The Task that was invoked last. */
  get lastTask(): string | undefined {
    return this.tasks[0];
  }

  /** Last invoked first. */
  get tasks(): string[] {
    return names(this.#kept());
  }

  async add(task: string, call: RecentCall): Promise<void> {
    const kept = this.#kept();
    const calls = bounded([
      call,
      ...(kept[task] ?? []).filter(({ source }) => !isDeepStrictEqual(source, call.source)),
    ]);
    const next: Kept = { ...kept, [task]: calls };
    const all = names(next).slice(0, TASKS);
    await this.#store.update(KEY, Object.fromEntries(all.map((name) => [name, next[name]])));
  }

  /** Notes that a payload document was deleted: another one in its place was not called yet. */
  async forget(path: string): Promise<void> {
    const isOf = ({ source }: RecentCall): boolean => source.kind === 'document' && source.path === path;
    const kept = this.#kept();
    if (!Object.values(kept).flat().some(isOf)) return;
    const forgotten = Object.entries(kept).map(([task, calls]) => [
      task,
      calls.map((call) => (isOf(call) ? { ...call, request: '' } : call)),
    ]);
    await this.#store.update(KEY, Object.fromEntries(forgotten));
  }

  #kept(): Kept {
    return this.#store.get<Kept>(KEY, {});
  }
}

function names(kept: Kept): string[] {
  const newest = (name: string): number => kept[name]?.[0]?.at ?? 0;
  return Object.keys(kept)
    .filter((name) => newest(name) > 0)
    .sort((one, other) => newest(other) - newest(one));
}

function bounded(calls: readonly RecentCall[]): RecentCall[] {
  let left = TEXT;
  return calls
    .filter(({ source }) => {
      if (source.kind !== 'text') return true;
      left -= source.text.length;
      return left >= 0;
    })
    .slice(0, CALLS);
}
