'use strict';

const net = require('node:net');

const CHUNK = 64 * 1024;

/**
 * Reads frames (`u32be n`, n bytes) from a pipe. Small frames are handed out as views of the read buffer; one that is
 * longer than what has been read is gathered in memory of its own, so that a big body is copied once.
 */
class FrameReader {
  #socket;
  #onFrame;
  /** @type {Buffer} bytes of an incomplete length */
  #head = Buffer.alloc(0);
  /** @type {Buffer | null} a frame that is still coming */
  #frame = null;
  #filled = 0;

  /**
   * @param {number} fd
   * @param {object} handlers
   * @param {(frame: Buffer, isOwn: boolean) => void} handlers.onFrame isOwn: the memory is the frame's own, else valid
   *   during the call only
   * @param {() => void} handlers.onEnd
   */
  constructor(fd, handlers) {
    this.#onFrame = (/** @type {Buffer} */ frame, /** @type {boolean} */ isOwn) => handlers.onFrame(frame, isOwn);
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    // @types/node has `onread` for connections only; it works for every socket.
    const options = /** @type {net.SocketConstructorOpts} */ ({
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer,
        callback: (/** @type {number} */ length) => {
          this.#take(buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket = new net.Socket(options);
    this.#socket.once('close', () => handlers.onEnd());
    // A broken pipe is followed by 'close' and means the same as its end.
    this.#socket.on('error', (error) => process.stderr.write(`Reading events failed: ${error.message}\n`));
    this.#socket.resume();
  }

  /** The pipe no longer keeps the process alive. */
  unref() {
    this.#socket.unref();
  }

  ref() {
    this.#socket.ref();
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    let at = 0;
    if (this.#frame !== null) at = this.#fill(chunk, 0);
    else if (this.#head.length > 0) {
      chunk = Buffer.concat([this.#head, chunk]);
      this.#head = Buffer.alloc(0);
    }
    while (chunk.length - at >= 4) {
      const length = chunk.readUInt32BE(at);
      at += 4;
      if (chunk.length - at >= length) {
        this.#onFrame(chunk.subarray(at, at + length), false);
        at += length;
      } else {
        this.#frame = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
        at = this.#fill(chunk, at);
      }
    }
    if (at < chunk.length) this.#head = Buffer.from(chunk.subarray(at));
  }

  /**
   * @param {Buffer} chunk
   * @param {number} at
   * @returns {number} where the frame's part of the chunk ends
   */
  #fill(chunk, at) {
    const frame = /** @type {Buffer} */ (this.#frame);
    const copied = chunk.copy(frame, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === frame.length) {
      this.#frame = null;
      this.#onFrame(frame, true);
    }
    return at + copied;
  }
}

exports.FrameReader = FrameReader;
