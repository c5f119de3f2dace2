'use strict';

const { randomBytes } = require('node:crypto');
const { performance } = require('node:perf_hooks');

const BATCH = 100;

/** A handler that calls without ever leaving its turn of the event loop cannot grow the buffer beyond this. */
const LIMIT = 2000;

const INTERVAL_MS = 1000;

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Span ids are a random prefix of 12 digits and a counter of 4: making one costs little more than adding one. */
let spanPrefix = '';
let spanCount = 0xffff;

/** @returns {string} 16 hex digits, never all zero */
function newSpan() {
  spanCount++;
  if (spanCount > 0xffff) {
    spanCount = 1;
    spanPrefix = randomBytes(6).toString('hex');
  }
  return spanPrefix + BYTES[spanCount >>> 8] + BYTES[spanCount & 0xff];
}

/** @returns {string} 32 hex digits */
function newTrace() {
  return randomBytes(16).toString('hex');
}

/**
 * @param {unknown} header W3C trace context
 * @returns {{trace: string, span: string} | null} null when there is none or it cannot be used
 */
function parseTraceparent(header) {
  if (typeof header !== 'string' || !/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/.test(header)) return null;
  return { trace: header.slice(3, 35), span: header.slice(36, 52) };
}

/**
 * @typedef {object} TraceRecord
 * @property {string} trace
 * @property {string} span
 * @property {string} parent
 * @property {string} caller
 * @property {string} callee
 * @property {boolean} local
 * @property {number} start Unix ms
 * @property {number} duration ms
 * @property {number} status 0 when no answer came
 */

/** Keeps records until 100 are there or a second has passed, and sends them when the handlers have left the event loop's turn. */
class TraceBuffer {
  #sinks;
  /** @type {TraceRecord[]} */
  #records = [];
  /** Unix ms of performance.now() 0; taken anew with each flush, as the wall clock may be set. */
  #epoch = Date.now() - performance.now();
  /** @type {NodeJS.Timeout | null} */
  #timer = null;
  #scheduled = false;

  /** @param {{traces: ((records: TraceRecord[]) => void) | null}} sinks read at each flush */
  constructor(sinks) {
    this.#sinks = sinks;
  }

  /**
   * @param {import('./call').OuterCall} caller
   * @param {string} callee
   * @param {string} span
   * @param {boolean} local
   * @param {number} begun performance.now() at the call
   * @param {number} status
   */
  add(caller, callee, span, local, begun, status) {
    if (this.#sinks.traces === null) return;
    const count = this.#records.push({
      trace: caller.trace,
      span,
      parent: caller.span,
      caller: caller.task.name,
      callee,
      local,
      start: this.#epoch + begun,
      duration: performance.now() - begun,
      status,
    });
    if (count >= LIMIT) this.flush();
    else if (count >= BATCH && !this.#scheduled) this.#schedule();
    else if (this.#timer === null) this.#timer = setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  #schedule() {
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Sends all records now. */
  flush() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#scheduled = false;
    const records = this.#records;
    this.#records = [];
    this.#epoch = Date.now() - performance.now();
    for (let i = 0; i < records.length; i += BATCH) this.#sinks.traces?.(records.slice(i, i + BATCH));
  }
}

module.exports = { TraceBuffer, newSpan, newTrace, parseTraceparent };
