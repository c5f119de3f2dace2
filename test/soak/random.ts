/** Random choices from a seed (mulberry32), so that a run can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  /** Puts the names into groups, some of which have one member. */
  setup(names: readonly string[]): string[][] {
    const groups: string[][] = [];
    for (const name of names) {
      const group = groups[Math.floor(this.next() * groups.length)];
      if (group && this.next() < 0.5) group.push(name);
      else groups.push([name]);
    }
    return groups;
  }
}

/** The seed of this run: `FUSIONIZER_SEED` repeats an earlier one. */
export function seedOfRun(): number {
  return Number(process.env['FUSIONIZER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
