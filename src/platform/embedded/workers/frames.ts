/**
 * Frames between server and worker: `u32be n`, then n bytes of which the first is the type (docs/function-package.md,
 * Worker process).
 */

const LENGTH = 4;
/** The largest frame from a worker, in bytes. Frames are held in the server's memory. */
const MAX_FRAME = 256 * 1024 ** 2;

/** An event frame: type, `u32be m`, m bytes of JSON, body. */
export function eventFrame(meta: string, body: Buffer): Buffer {
  const metaLength = Buffer.byteLength(meta);
  const frame = Buffer.allocUnsafe(LENGTH + 1 + LENGTH + metaLength + body.length);
  frame.writeUInt32BE(1 + LENGTH + metaLength + body.length, 0);
  frame[4] = 0x45; // E
  frame.writeUInt32BE(metaLength, 5);
  frame.write(meta, 9, 'utf8');
  body.copy(frame, 9 + metaLength);
  return frame;
}

/** Splits a byte stream into frames. A frame that arrives whole in one chunk is a view of that chunk, not a copy. */
export class FrameReader {
  readonly #onFrame: (type: number, payload: Buffer) => void;
  #pending: Buffer[] = [];
  #size = 0;
  /** The number of bytes that the next frame needs. */
  #needed = LENGTH;

  constructor(onFrame: (type: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws Error for a frame that is too large */
  push(chunk: Buffer): void {
    let data = chunk;
    if (this.#size > 0) {
      this.#pending.push(chunk);
      this.#size += chunk.length;
      if (this.#size < this.#needed) return;
      data = Buffer.concat(this.#pending, this.#size);
    }
    let at = 0;
    this.#needed = LENGTH;
    while (data.length - at >= LENGTH) {
      const length = data.readUInt32BE(at);
      if (length > MAX_FRAME)
        throw new Error(`its frame has ${Math.floor(length / 1024 ** 2)} MiB, and the limit is 256 MiB`);
      if (data.length - at - LENGTH < length) {
        this.#needed = LENGTH + length;
        break;
      }
      const start = at + LENGTH;
      at = start + length;
      this.#onFrame(data[start] ?? 0, data.subarray(start + 1, at));
    }
    const rest = data.length - at;
    this.#pending = rest > 0 ? [data.subarray(at)] : [];
    this.#size = rest;
  }
}
