'use strict';

const { performance } = require('node:perf_hooks');

/** A Task may replace that of JSON. */
const { stringify } = JSON;

const BATCH = 100;

/**
 * In batches: a handler that calls without ever leaving its turn of the event loop cannot grow the buffer beyond this.
 */
const LIMIT = 20;

const INTERVAL_MS = 1000;

/** Three digits each. */
const DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** What follows a time's milliseconds in a record: its microseconds, and the name of the next field. */
const AFTER_MS = DIGITS.map((digits) => `.${digits},"duration":`);

/**
 * Keeps records until 100 are there or a second has passed, and sends them when the handlers have left the event loop's
 * turn. A record is written as JSON at once: text costs the garbage collector little, and JSON.stringify would be a
 * fifth of what a local call costs.
 */
class TraceBuffer {
  #sinks;
  /** The records of the batch that is not full, each with a comma behind it. */
  #records = '';
  #count = 0;
  /** @type {string[]} full ones */
  #batches = [];
  /** Unix ms at performance.now() 0. Each flush reads it again, because the wall clock may be set. */
  #epoch = Date.now() - performance.now();
  /** @type {NodeJS.Timeout | null} */
  #timer = null;
  #scheduled = false;

  /** @param {{traces: ((json: string) => void) | null}} sinks read at each flush */
  constructor(sinks) {
    this.#sinks = sinks;
  }

  /**
   * @param {import('./call').Call} caller
   * @param {string} callee
   * @param {string} span
   * @param {boolean} local
   * @param {number} begun performance.now() at the call
   * @param {number} status 0 when no answer came
   */
  add(caller, callee, span, local, begun, status) {
    if (this.#sinks.traces === null) return;
    const start = this.#epoch + begun;
    const second = Math.floor(start / 1000);
    if (!isOfLastKind(caller, callee, local, status, second)) rememberKind(caller, callee, local, status, second);
    // Digits and whole numbers: fractional numbers take several times as long to write.
    const us = Math.floor((start - second * 1000) * 1000);
    const ms = Math.floor(us / 1000);
    const duration = Math.round((performance.now() - begun) * 10_000);
    this.#records += `${head}${span}${middle}${DIGITS[ms]}${AFTER_MS[us - ms * 1000]}${duration}${tail}`;
    this.#count++;
    if (this.#count === BATCH) this.#batchFull();
    else if (this.#timer === null) this.#timer = setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  #batchFull() {
    this.#closeBatch();
    if (this.#batches.length >= LIMIT) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush());
    }
  }

  #closeBatch() {
    if (this.#count === 0) return;
    this.#batches.push(`[${this.#records.slice(0, -1)}]`);
    this.#records = '';
    this.#count = 0;
  }

  /** Sends all records now. */
  flush() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#scheduled = false;
    this.#closeBatch();
    this.#epoch = Date.now() - performance.now();
    const batches = this.#batches;
    this.#batches = [];
    for (const batch of batches) this.#sinks.traces?.(batch);
  }
}

// What the records of one Task's calls of another one in one event and second have in common: most records of a batch
// are such.
let [lastTrace, lastParent, lastCaller, lastCallee] = ['', '', '', ''];
let [lastLocal, lastStatus, lastSecond] = [false, -1, -1];
/** A record up to the span, from there to the milliseconds of its start, and from its duration to its end. */
let [head, middle, tail] = ['', '', ''];

/**
 * @param {import('./call').Call} caller
 * @param {string} callee
 * @param {boolean} local
 * @param {number} status
 * @param {number} second
 */
function isOfLastKind({ trace, span, task }, callee, local, status, second) {
  return (
    trace === lastTrace &&
    span === lastParent &&
    task.name === lastCaller &&
    callee === lastCallee &&
    local === lastLocal &&
    status === lastStatus &&
    second === lastSecond
  );
}

/**
 * @param {import('./call').Call} caller
 * @param {string} callee
 * @param {boolean} local
 * @param {number} status
 * @param {number} second
 */
function rememberKind({ trace, span, task }, callee, local, status, second) {
  [lastTrace, lastParent, lastCaller, lastCallee] = [trace, span, task.name, callee];
  [lastLocal, lastStatus, lastSecond] = [local, status, second];
  head = `{"trace":"${trace}","span":"`;
  const names = `"caller":${quoted(task.name)},"callee":${quoted(callee)}`;
  middle = `","parent":"${span}",${names},"local":${local},"start":${second}`;
  tail = `e-4,"status":${status}},`;
}

/** @param {string} name of a Task, or whatever a handler gave to call_function */
function quoted(name) {
  return /^[\w.-]*$/.test(name) ? `"${name}"` : stringify(name);
}

exports.TraceBuffer = TraceBuffer;
