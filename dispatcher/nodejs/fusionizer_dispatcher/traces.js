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

/** Three digits each: writing times by them is several times as fast as printing fractional numbers. */
const DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

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

/**
 * Keeps records until 100 are there or a second has passed, and sends them when the handlers have left the event loop's
 * turn.
 */
class TraceBuffer {
  #sinks;
  /** @type {TraceRecord[]} */
  #records = [];
  /** @type {string[]} full ones as JSON: text costs the garbage collector little */
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
    if (count >= BATCH) this.#batchFull();
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
    if (this.#records.length === 0) return;
    this.#batches.push(`[${this.#records.map(toJson).join(',')}]`);
    this.#records = [];
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

/**
 * JSON.stringify of a record would be a fifth of what a local call costs.
 * @param {TraceRecord} record
 */
function toJson(record) {
  const { span, start, duration, status } = record;
  const seconds = Math.floor(start / 1000);
  const us = Math.floor((start - seconds * 1000) * 1000);
  if (!isOfLastEdge(record)) rememberEdge(record);
  const from = `${wholeSeconds(seconds)}${DIGITS[Math.floor(us / 1000)]}.${DIGITS[us % 1000]}`;
  return `${head}${span}${middle}${from},"duration":${Math.round(duration * 10_000)}e-4,"status":${status}}`;
}

// What the records of one Task's calls of another one in one event have in common: most records of a batch are such.
let [lastTrace, lastParent, lastCaller, lastCallee, lastLocal] = ['', '', '', '', false];
/** Up to the span, and from there to the start. */
let [head, middle] = ['', ''];

/** @param {TraceRecord} record */
function isOfLastEdge({ trace, parent, caller, callee, local }) {
  return (
    trace === lastTrace &&
    parent === lastParent &&
    caller === lastCaller &&
    callee === lastCallee &&
    local === lastLocal
  );
}

/** @param {TraceRecord} record */
function rememberEdge({ trace, parent, caller, callee, local }) {
  [lastTrace, lastParent, lastCaller, lastCallee, lastLocal] = [trace, parent, caller, callee, local];
  head = `{"trace":"${trace}","span":"`;
  const names = `"caller":${quoted(caller)},"callee":${quoted(callee)}`;
  middle = `","parent":"${parent}",${names},"local":${local},"start":`;
}

let lastSeconds = 0;
let lastSecondsText = '0';

/** @param {number} seconds */
function wholeSeconds(seconds) {
  if (seconds !== lastSeconds) {
    lastSeconds = seconds;
    lastSecondsText = String(seconds);
  }
  return lastSecondsText;
}

/** @param {string} name of a Task, or whatever a handler gave to call_function */
function quoted(name) {
  return /^[\w.-]*$/.test(name) ? `"${name}"` : stringify(name);
}

exports.TraceBuffer = TraceBuffer;
