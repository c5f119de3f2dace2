import type { Disposable } from 'vscode';
import type { TaskView } from '../../shared/api.ts';
import { RefreshPace } from '../../shared/views/refreshPace.ts';
import type { Services } from '../services.ts';

/** What is known of a Task's calls. */
export type Numbers = Pick<TaskView, 'calls' | 'localCalls' | 'remoteCalls' | 'p50'>;

type Source = (task: string) => Promise<Numbers> | undefined;

/**
 * The numbers of calls that stand above handlers. Calls make no event of their own: those of the Tasks that are shown
 * are read again after invocations, which the server reports.
 */
export class CallNumbers implements Disposable {
  readonly #read: Source;
  readonly #changed: () => void;
  readonly #pace: RefreshPace;
  readonly #shown = new Map<string, Numbers | undefined>();

  /**
   * @param read asks the server; undefined without one
   * @param changed is called when numbers that were shown are no longer right
   */
  constructor(read: Source, changed: () => void) {
    this.#read = read;
    this.#changed = changed;
    this.#pace = new RefreshPace(() => void this.#look());
  }

  /** The numbers as they are now, which are followed from then on; undefined without a server. */
  async show(task: string): Promise<Numbers | undefined> {
    const numbers = await this.#ask(task);
    this.#shown.set(task, numbers);
    return numbers;
  }

  /** Notes that something was invoked. */
  note(): void {
    if (this.#shown.size > 0) this.#pace.note();
  }

  dispose(): void {
    this.#pace.dispose();
  }

  async #look(): Promise<void> {
    const shown = [...this.#shown];
    const now = await Promise.all(shown.map(([task]) => this.#ask(task)));
    const isStillShown = (task: string, numbers: Numbers | undefined): boolean => this.#shown.get(task) === numbers;
    if (!shown.some(([task, old], index) => old?.calls !== now[index]?.calls && isStillShown(task, old))) return;
    // The editor asks again for what is visible.
    this.#shown.clear();
    this.#changed();
  }

  async #ask(task: string): Promise<Numbers | undefined> {
    // A Task may have been deleted meanwhile.
    return this.#read(task)?.catch(() => undefined);
  }
}

/** Those of the connected server, after each invocation that it reports. */
export function callNumbers({ server, invocations }: Services, changed: () => void): CallNumbers {
  const numbers = new CallNumbers((task) => server.connection?.client.task(task), changed);
  invocations.onDidInvoke(() => numbers.note());
  return numbers;
}
