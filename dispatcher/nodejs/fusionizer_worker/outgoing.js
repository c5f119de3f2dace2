'use strict';

const fs = require('node:fs');

/** A Task may replace that of JSON. */
const { stringify } = JSON;

const SCRATCH = 64 * 1024;

/** Bytes before a response's JSON: length, type, length of the JSON. */
const RESPONSE_HEAD = 9;

/** How long to wait, in ms, when the pipe is full and was opened non-blocking. */
const FULL_PIPE_WAIT = 1;

/**
 * Writes frames to the server. Blocking writes: one system call a frame is the fastest there is, the order is that of
 * the calls, and what was written before a crash is not lost.
 */
class Output {
  #fd;
  #scratch = Buffer.allocUnsafeSlow(SCRATCH);
  #clock = new Int32Array(new SharedArrayBuffer(4));

  /** @param {number} fd */
  constructor(fd) {
    this.#fd = fd;
  }

  started() {
    this.#json('S', '');
  }

  /** @param {boolean} isIt whether calls within the function go on, though their events have ended */
  unfinished(isIt) {
    this.#json('U', isIt ? '1' : '0');
  }

  /** @param {import('../fusionizer_dispatcher/load_error').LoadError} error */
  failed({ message, traceback, task, file, line }) {
    this.#json('F', stringify({ message, traceback, task, file, line }));
  }

  /** @param {import('../fusionizer_dispatcher/logs').LogRecord} record */
  log(record) {
    this.#json('L', stringify(record));
  }

  /** @param {string} json an array of trace records */
  traces(json) {
    this.#json('T', json);
  }

  /** @param {import('../fusionizer_dispatcher/encode').Answer} answer */
  response({ status, contentType, headers, body }) {
    const scratch = this.#scratch;
    const json = `[${status},${stringify(contentType)},${headers === null ? '{}' : stringify(headers)}]`;
    // A UTF-16 unit takes at most 3 bytes of UTF-8.
    if (RESPONSE_HEAD + (json.length + body.length) * 3 <= SCRATCH) {
      const jsonLength = scratch.write(json, RESPONSE_HEAD);
      const end = RESPONSE_HEAD + jsonLength;
      const bodyLength = typeof body === 'string' ? scratch.write(body, end) : body.copy(scratch, end);
      head(scratch, jsonLength, bodyLength);
      this.#write(scratch, end + bodyLength);
    } else {
      const jsonBytes = Buffer.from(json);
      const bodyBytes = typeof body === 'string' ? Buffer.from(body) : body;
      head(scratch, jsonBytes.length, bodyBytes.length);
      this.#write(scratch, RESPONSE_HEAD);
      this.#write(jsonBytes, jsonBytes.length);
      this.#write(bodyBytes, bodyBytes.length);
    }
  }

  /**
   * @param {string} type
   * @param {string} payload
   */
  #json(type, payload) {
    const frame = Buffer.from(`    ${type}${payload}`);
    frame.writeUInt32BE(frame.length - 4, 0);
    this.#write(frame, frame.length);
  }

  /**
   * @param {Buffer} buffer
   * @param {number} length
   */
  #write(buffer, length) {
    let written = 0;
    while (written < length) {
      try {
        written += fs.writeSync(this.#fd, buffer, written, length - written);
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
        Atomics.wait(this.#clock, 0, 0, FULL_PIPE_WAIT);
      }
    }
  }
}

/**
 * @param {Buffer} buffer
 * @param {number} jsonLength
 * @param {number} bodyLength
 */
function head(buffer, jsonLength, bodyLength) {
  buffer.writeUInt32BE(5 + jsonLength + bodyLength, 0);
  buffer[4] = 0x52; // R
  buffer.writeUInt32BE(jsonLength, 5);
}

exports.Output = Output;
