import type { TaskView } from '../../shared/api.ts';

/** Milliseconds between two questions about a Task whose numbers were shown. */
const INTERVAL = 1000;
/** Milliseconds after which they count as old, whether they changed or not. */
const OLD = 30_000;

/**
 * The numbers of Tasks for their tooltips. Calls make no event, and the editor asks for a tooltip only once until its
 * row changes: so a Task is followed for a while after its numbers were shown.
 */
export class FreshTasks {
  readonly #read: (name: string) => Promise<TaskView | undefined>;
  readonly #old: (name: string) => void;
  readonly #interval: number;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param read asks the server; undefined without one
   * @param old is called once when the numbers that were shown are old
   */
  constructor(
    read: (name: string) => Promise<TaskView | undefined>,
    old: (name: string) => void,
    interval: number = INTERVAL,
  ) {
    this.#read = read;
    this.#old = old;
    this.#interval = interval;
  }

  /** A Task with its numbers as they are now, to show them. Undefined if the server does not say. */
  async show(name: string): Promise<TaskView | undefined> {
    const task = await this.#read(name).catch(() => undefined);
    this.#follow(name, task, 0);
    return task;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #follow(name: string, shown: TaskView | undefined, waited: number): void {
    clearTimeout(this.#timers.get(name));
    const look = async (): Promise<void> => {
      const now = await this.#read(name).catch(() => undefined);
      if (!this.#timers.has(name)) return;
      if (now?.calls === shown?.calls && waited < OLD) return this.#follow(name, shown, waited + this.#interval);
      this.#timers.delete(name);
      this.#old(name);
    };
    this.#timers.set(
      name,
      setTimeout(() => void look(), this.#interval),
    );
  }
}
