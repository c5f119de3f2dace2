import path from 'node:path';
import { UsageError } from '../errors.ts';

/** What `fusionizer dev` knows of its Tasks: which source each is deployed from, and what others do to them. */
export class DevTasks {
  /** The sources that are there now. */
  present: readonly string[] = [];
  /** Where the Tasks that were there at the start were deployed from, by their names. */
  served: ReadonlyMap<string, string | null> = new Map();
  /** Which Task each source was deployed as. */
  readonly #names = new Map<string, string>();
  /** The sources of Tasks that still serve, although their source is gone. */
  readonly #removed = new Map<string, string>();
  readonly #duplicates = new Set<string>();
  /** Sources that a save deploys although nothing changed: the server has something else. */
  readonly #stale = new Set<string>();
  /** The operations that were started here. */
  readonly #operations = new Set<string>();

  nameOf(source: string): string | undefined {
    return this.#names.get(source);
  }

  /** Whether a Task is deployed from here, or was. */
  has(name: string): boolean {
    return this.#removed.has(name) || this.#sourceOf(name) !== undefined;
  }

  /** Sources that were refused, because another one is deployed under their name. */
  get duplicates(): number {
    return this.#duplicates.size;
  }

  /**
   * A source is about to be deployed as a Task.
   * @returns the source that the Task was moved from; undefined if it was not moved
   * @throws UsageError when another source has that name
   */
  claim(source: string, name: string): string | undefined {
    const other =
      [...this.#names].find(([from, one]) => one === name && from !== source)?.[0] ?? this.#deployedFrom(source, name);
    if (other !== undefined && this.present.includes(other)) {
      this.#duplicates.add(source);
      throw new UsageError(`${source} and ${other} are both Task '${name}'. Change metadata.name in one of them.`);
    }
    this.#duplicates.delete(source);
    const from = other ?? this.#removed.get(name);
    if (other !== undefined) this.#names.delete(other);
    this.#removed.delete(name);
    this.#names.set(source, name);
    this.#stale.delete(source);
    return from === source ? undefined : from;
  }

  /** A source is gone. @returns the Task that still serves without it; undefined if it serves from another source */
  remove(source: string): string | undefined {
    const name = this.#names.get(source);
    this.#names.delete(source);
    this.#duplicates.delete(source);
    if (name !== undefined) this.lost(name, source);
    return name;
  }

  /** A Task serves whose source is gone. */
  lost(name: string, source: string): void {
    this.#removed.set(name, source);
  }

  isStale(source: string): boolean {
    return this.#stale.has(source);
  }

  /** Another client deployed or deleted a Task. @returns the source that deploys it again; undefined if it is gone */
  changedByOther(name: string): string | undefined {
    const source = this.#sourceOf(name);
    if (source !== undefined) this.#stale.add(source);
    return source;
  }

  /** A Task that was removed here is deleted. */
  forget(name: string): void {
    this.#removed.delete(name);
  }

  begin(operation: string): void {
    this.#operations.add(operation);
  }

  isOwn(operation: string): boolean {
    return this.#operations.has(operation);
  }

  /** Another source here that the server has a Task of, if it may still have that name. */
  #deployedFrom(source: string, name: string): string | undefined {
    const from = this.served.get(name);
    return this.present.find(
      (one) => one !== source && path.resolve(one) === from && (this.#names.get(one) ?? name) === name,
    );
  }

  #sourceOf(name: string): string | undefined {
    return [...this.#names].find(([, one]) => one === name)?.[0];
  }
}
