import type { EventData, Operation } from '../../shared/api.ts';
import type { DevOutput } from './devOutput.ts';
import type { DevTasks } from './devTasks.ts';

/**
 * Reports what other clients do to the Tasks of this folder. The server publishes the new state of a Task before the
 * end of the operation that made it.
 */
export class OtherClients {
  readonly #tasks: DevTasks;
  readonly #output: Pick<DevOutput, 'deployedByOther' | 'deletedByOther' | 'failedByOther'>;
  readonly #versions = new Map<string, number>();

  constructor(tasks: DevTasks, output: Pick<DevOutput, 'deployedByOther' | 'deletedByOther' | 'failedByOther'>) {
    this.#tasks = tasks;
    this.#output = output;
  }

  /** A Task was deployed, moved or deleted, by whomever. */
  task({ name, task }: EventData<'task'>): void {
    if (task === null) this.#versions.delete(name);
    else this.#versions.set(name, task.version);
  }

  operation({ id, kind, tasks: [name = ''], state, stages, error }: Operation): void {
    if (kind === 'setup' || this.#tasks.isOwn(id) || !this.#tasks.has(name)) return;
    if (kind === 'delete') {
      if (state !== 'done') return;
      this.#output.deletedByOther(name, this.#tasks.changedByOther(name) !== undefined);
      this.#tasks.forget(name);
    } else if (state === 'done') {
      const version = this.#versions.get(name);
      // Without a build, the server had this content already: nothing changed.
      if (version === undefined || !stages.some(({ stage }) => stage === 'build')) return;
      this.#tasks.changedByOther(name);
      this.#output.deployedByOther(name, version);
    } else if (state === 'failed')
      this.#output.failedByOther(name, error?.detail ?? 'no reason is known', this.#versions.get(name));
  }
}
