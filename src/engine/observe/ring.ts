/** A bounded buffer: the newest `capacity` items, oldest first. Their size can be bounded, too. */
export class Ring<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #capacity: number;
  readonly #sizes: number[] | undefined;
  readonly #sizeOf: (item: T) => number;
  readonly #most: number;
  #first = 0;
  #count = 0;
  #size = 0;
  #evicted: T | undefined;

  /** @param bound of the items' sizes together. The newest item is kept even if it alone is larger. */
  constructor(capacity: number, bound?: { readonly most: number; sizeOf(item: T): number }) {
    this.#capacity = capacity;
    this.#sizes = bound && [];
    this.#sizeOf = bound?.sizeOf ?? (() => 0);
    this.#most = bound?.most ?? Number.POSITIVE_INFINITY;
  }

  push(item: T): void {
    if (this.#count === this.#capacity) this.#evict();
    const place = (this.#first + this.#count) % this.#capacity;
    this.#items[place] = item;
    this.#count += 1;
    if (this.#sizes === undefined) return;
    const size = this.#sizeOf(item);
    this.#sizes[place] = size;
    this.#size += size;
    this.shrink(this.#most);
  }

  /** Drops the oldest items until the size of the others is at most `size`. The newest item stays. */
  shrink(size: number): void {
    while (this.#size > size && this.#count > 1) this.#evict();
  }

  /** The size of all items together. */
  get size(): number {
    return this.#size;
  }

  /** The newest item that is not kept any more; undefined while all are. */
  get evicted(): T | undefined {
    return this.#evicted;
  }

  toArray(): T[] {
    const end = this.#first + this.#count;
    const items =
      end <= this.#capacity
        ? this.#items.slice(this.#first, end)
        : [...this.#items.slice(this.#first), ...this.#items.slice(0, end - this.#capacity)];
    return items as T[];
  }

  #evict(): void {
    this.#evicted = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    if (this.#sizes) this.#size -= this.#sizes[this.#first] ?? 0;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#count -= 1;
  }
}
