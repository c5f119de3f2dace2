import { createHash } from 'node:crypto';
import type { PlatformFunction } from '../platform/platform.ts';
import { normalForm, sameGroup } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { Task } from '../task/task.ts';

/** A function that serves, and the versions of its Tasks. */
export interface RunningFunction {
  readonly fn: PlatformFunction;
  readonly tasks: readonly Task[];
  readonly names: readonly string[];
  readonly buildDir: string;
}

/**
 * The functions that serve now. Traffic follows `route`. A switch of several groups is one synchronous step, so that no
 * request sees half of it.
 */
export class ActualSetup {
  readonly #tasks = new Map<string, Task>();
  readonly #routes = new Map<string, RunningFunction>();
  /** Deployed Tasks that no function serves, with the reason: a restart could not start them. */
  readonly #broken = new Map<string, string>();
  #generation = 0;
  #id: { readonly of: number; readonly text: string } | undefined;

  /** Counts the changes of what serves. */
  get generation(): number {
    return this.#generation;
  }

  /** The id of the setup. It is asked for with each event, and made once for each change. */
  get id(): string {
    if (this.#id?.of !== this.#generation) this.#id = { of: this.#generation, text: setupId(this.setup) };
    return this.#id.text;
  }

  route(name: string): RunningFunction | undefined {
    return this.#routes.get(name);
  }

  task(name: string): Task | undefined {
    return this.#tasks.get(name);
  }

  get tasks(): Task[] {
    return [...this.#tasks.values()];
  }

  get names(): string[] {
    return [...this.#tasks.keys()];
  }

  get functions(): RunningFunction[] {
    return [...new Set(this.#routes.values())];
  }

  get setup(): Setup {
    return [...this.functions.map((running) => [...running.names]), ...[...this.#broken.keys()].map((name) => [name])];
  }

  brokenReason(name: string): string | undefined {
    return this.#broken.get(name);
  }

  /** The Tasks of the function that serves a Task, itself included. */
  servedWith(name: string): readonly string[] {
    return this.#routes.get(name)?.names ?? [name];
  }

  /** The function that serves exactly these versions, in any order. */
  find(tasks: readonly Task[]): RunningFunction | undefined {
    const running = this.#routes.get(tasks[0]?.name ?? '');
    const same =
      running !== undefined &&
      sameGroup(
        running.names,
        tasks.map((task) => task.name),
      ) &&
      tasks.every((task) => running.tasks.includes(task));
    return same ? running : undefined;
  }

  /** Routes the Tasks of these functions to them. */
  adopt(functions: readonly RunningFunction[]): void {
    this.#generation += 1;
    for (const running of functions) {
      for (const task of running.tasks) {
        this.#tasks.set(task.name, task);
        this.#routes.set(task.name, running);
        this.#broken.delete(task.name);
      }
    }
  }

  remove(name: string): void {
    this.#generation += 1;
    this.#tasks.delete(name);
    this.#routes.delete(name);
    this.#broken.delete(name);
  }

  /** @returns restores the present routes of these names */
  remember(names: Iterable<string>): () => void {
    const saved = [...names].map((name) => ({
      name,
      task: this.#tasks.get(name),
      route: this.#routes.get(name),
      broken: this.#broken.get(name),
    }));
    return () => {
      for (const { name, task, route, broken } of saved) {
        this.remove(name);
        if (task) this.#tasks.set(name, task);
        if (route) this.#routes.set(name, route);
        if (broken !== undefined) this.#broken.set(name, broken);
      }
    };
  }

  markBroken(task: Task, reason: string): void {
    this.#generation += 1;
    this.#tasks.set(task.name, task);
    this.#routes.delete(task.name);
    this.#broken.set(task.name, reason);
  }
}

/** A short name of a setup, for traces: two setups with one id mean the same. */
const setupId = (setup: Setup): string => createHash('sha256').update(normalForm(setup)).digest('hex').slice(0, 8);
