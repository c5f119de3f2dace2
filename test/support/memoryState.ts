import type { KeptState } from '../../src/extension/keptState.ts';

/** Keeps values as VS Code does: as JSON. */
export class MemoryState implements KeptState {
  readonly kept = new Map<string, unknown>();

  get<T>(key: string, otherwise: T): T {
    return this.kept.has(key) ? (this.kept.get(key) as T) : otherwise;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, JSON.parse(JSON.stringify(value)));
  }
}
