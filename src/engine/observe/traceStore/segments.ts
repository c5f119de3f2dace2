import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../../shared/ifMissing.ts';
import { type Row, SegmentIndex } from './segmentIndex.ts';

/** The number of the first line is in the name, so that names sort by age. */
const NAME = /^(\d{16})\.ndjson$/;

/** How many files a log of the usual size has. */
const SEGMENTS = 16;
/** The files of a small log are larger than that, because a batch has to fit into one. In bytes. */
const SMALL = 1024 ** 2;
/** At least so many batches fit into the log. */
export const FEWEST_BATCHES = 4;

/** A file of the log. */
export interface Segment {
  readonly file: string;
  /** The number of its first line. */
  readonly first: number;
  /** In bytes, with what is still to be written. */
  size: number;
  /** Undefined for a segment of an earlier run that nobody has asked for yet. */
  index: SegmentIndex | undefined;
}

/** Opens a file for appending; tests make it fail. */
export type OpenFile = (file: string) => Promise<{ write(data: Uint8Array): Promise<unknown>; close(): Promise<void> }>;

const openPrivate: OpenFile = async (file) => {
  const handle = await open(file, 'a', 0o600);
  // Unlike write, it goes on until all is written.
  return { write: (data) => handle.appendFile(data), close: () => handle.close() };
};

/**
 * The files of an append-only log, and their bound. Each run begins a file of its own, so that what a crash cut off is
 * at the end of a file that nobody appends to.
 */
export class Segments {
  readonly #dir: string;
  readonly #limit: number;
  readonly #open: OpenFile;
  /** Oldest first. */
  readonly #all: Segment[];
  readonly #segmentSize: number;
  /** The segment of this run that lines are added to. */
  #last: Segment | undefined;
  #current: { segment: Segment; file: Awaited<ReturnType<OpenFile>> | undefined } | undefined;
  /** Files to remove before the next write. */
  #dropped: Segment[] = [];

  private constructor(dir: string, limit: number, all: Segment[], openFile: OpenFile) {
    this.#dir = dir;
    this.#limit = limit;
    this.#segmentSize = Math.max(limit / SEGMENTS, Math.min(limit / FEWEST_BATCHES, SMALL));
    this.#all = all;
    this.#open = openFile;
  }

  /** @param limit of all files together, in bytes */
  static async open(dir: string, limit: number, openFile: OpenFile = openPrivate): Promise<Segments> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const names = (await readdir(dir)).filter((name) => NAME.test(name)).sort();
    const all = await Promise.all(
      names.map(async (name): Promise<Segment> => {
        const file = path.join(dir, name);
        return { file, first: Number(NAME.exec(name)?.[1]), size: (await stat(file)).size, index: undefined };
      }),
    );
    const segments = new Segments(dir, limit, all, openFile);
    segments.#makeRoom(0);
    await segments.#removeDropped();
    return segments;
  }

  /** Oldest first. */
  get all(): readonly Segment[] {
    return this.#all;
  }

  /** The number of the newest segment's first line; 0 if there is none. */
  get newest(): number {
    return this.#all.at(-1)?.first ?? 0;
  }

  /**
   * The segment that the next bytes go to. They have to be written to it in the order of these calls.
   * @param bytes at most a quarter of the limit, and 1 MiB
   * @param first the number of the first line among them
   */
  reserve(bytes: number, first: number): { segment: Segment; offset: number } {
    let segment = this.#last;
    if (segment === undefined || segment.size + bytes > this.#segmentSize) {
      const file = path.join(this.#dir, `${String(first).padStart(16, '0')}.ndjson`);
      segment = { file, first, size: 0, index: new SegmentIndex() };
      this.#all.push(segment);
      this.#last = segment;
    }
    this.#makeRoom(bytes);
    const offset = segment.size;
    segment.size += bytes;
    return { segment, offset };
  }

  /** Appends what was reserved. Calls must not overlap. */
  async write(segment: Segment, data: Uint8Array): Promise<void> {
    await this.#removeDropped();
    // Where much is added at once, it may have been dropped already.
    if (!this.#all.includes(segment)) return;
    if (this.#current?.segment !== segment) {
      await this.close();
      this.#current = { segment, file: undefined };
    }
    this.#current.file ??= await this.#open(segment.file);
    await this.#current.file.write(data);
  }

  async close(): Promise<void> {
    const { file } = this.#current ?? {};
    this.#current = undefined;
    await file?.close();
  }

  /** The index of a segment, read if that has not been done; undefined for one that was dropped meanwhile. */
  async indexOf(segment: Segment, damaged: (lines: number) => void): Promise<SegmentIndex | undefined> {
    if (segment.index) return segment.index;
    const content = await readFile(segment.file).catch(ifMissing(undefined));
    if (content === undefined) return undefined;
    const read = SegmentIndex.read(content);
    if (read.damaged > 0) damaged(read.damaged);
    segment.index ??= read.index;
    return segment.index;
  }

  /** Lines without their line breaks; none of a segment that was dropped meanwhile. */
  async lines(segment: Segment, rows: readonly Row[]): Promise<Buffer[]> {
    if (rows.length === 0) return [];
    const begin = Math.min(...rows.map(({ offset }) => offset));
    const end = Math.max(...rows.map(({ offset, length }) => offset + length));
    const file = await open(segment.file, 'r').catch(ifMissing(undefined));
    if (file === undefined) return [];
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(end - begin), 0, end - begin, begin);
      const content = buffer.subarray(0, bytesRead);
      return rows.map(({ offset, length }) => content.subarray(offset - begin, offset - begin + length));
    } finally {
      await file.close();
    }
  }

  #makeRoom(bytes: number): void {
    let total = this.#all.reduce((sum, { size }) => sum + size, bytes);
    while (total > this.#limit && this.#all.length > 1) {
      const oldest = this.#all.shift();
      if (oldest === undefined) break;
      total -= oldest.size;
      this.#dropped.push(oldest);
    }
  }

  async #removeDropped(): Promise<void> {
    for (const { file } of this.#dropped.splice(0)) await rm(file, { force: true });
  }
}
