'use strict';

const { inspect } = require('node:util');
const { usersText } = require('./tracebacks');

/**
 * The parts of a call that its records are made of, and where they go.
 * @typedef {object} Logging
 * @property {{name: string}} task
 * @property {string} trace 32 hex digits
 * @property {LogRecord[] | null} collectedLogs for X-Nuclio-Logs; null if the caller does not ask for them
 * @property {{sinks: {log(record: LogRecord, outer: any): void}}} dispatcher
 * @property {any} outer
 */

/** @type {('debug' | 'info' | 'warn' | 'error')[]} */
const LEVELS = ['debug', 'info', 'warn', 'error'];

/** Nuclio leaves the header out from this size on, in bytes. */
const LOGS_HEADER_LIMIT = 4096;

/**
 * context.logger of one event: its records carry the Task and the trace. debug, info, warn and error take a message;
 * debugWith etc. also an object of fields. They are accessors that make bound functions, so that one taken out of the
 * object still works.
 */
class TaskLogger {
  #call;

  /** @param {Logging} call */
  constructor(call) {
    this.#call = call;
  }

  static {
    for (const level of LEVELS) {
      Object.defineProperty(TaskLogger.prototype, level, {
        /** @this {TaskLogger} */
        get() {
          return (/** @type {unknown} */ message) => write(this.#call, level, message);
        },
      });
      Object.defineProperty(TaskLogger.prototype, `${level}With`, {
        /** @this {TaskLogger} */
        get() {
          return (/** @type {unknown} */ message, /** @type {object} */ fields) =>
            write(this.#call, level, message, fields);
        },
      });
    }
  }
}

/**
 * @typedef {object} LogRecord
 * @property {'debug' | 'info' | 'warn' | 'error'} level
 * @property {string} message
 * @property {Record<string, unknown>} with the handler's extra fields
 * @property {number} time Unix ms
 * @property {string} task
 * @property {string} trace
 */

/**
 * @param {Logging} call
 * @param {LogRecord['level']} level
 * @param {unknown} message
 * @param {unknown} [fields]
 */
function write(call, level, message, fields) {
  /** @type {LogRecord} */
  const record = {
    level,
    message: usersText(typeof message === 'string' ? message : inspect(message)),
    with: writable(fields),
    time: Date.now(),
    task: call.task.name,
    trace: call.trace,
  };
  call.collectedLogs?.push(record);
  call.dispatcher.sinks.log(record, call.outer);
}

/**
 * The fields as JSON has them, taken now: the handler may change them later. A log line never fails its handler.
 * @param {unknown} fields
 * @returns {Record<string, unknown>}
 */
function writable(fields) {
  if (typeof fields !== 'object' || fields === null) return {};
  try {
    return JSON.parse(JSON.stringify(fields), (_, value) => (typeof value === 'string' ? usersText(value) : value));
  } catch {
    // BigInt and cycles have no JSON.
    return { fields: inspect(fields) };
  }
}

/**
 * X-Nuclio-Logs of an answer: the records from `level` on, their fields flattened. It is compact JSON, in ASCII.
 * @param {LogRecord[]} records
 * @param {string} level X-Nuclio-Log-Level; an unknown one means debug
 * @param {string} name the trigger's name
 * @returns {string | null} null when it is too long for a header
 */
function logsHeader(records, level, name) {
  const least = LEVELS.indexOf(/** @type {any} */ (level.toLowerCase()));
  const shown = records
    .filter((record) => LEVELS.indexOf(record.level) >= least)
    .map((record) => ({ level: record.level, time: record.time, name, message: record.message, ...record.with }));
  const header = JSON.stringify(shown).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return header.length < LOGS_HEADER_LIMIT ? header : null;
}

/**
 * The log sink inside a real Nuclio: its own wrapper's logger, with the Task and the trace as fields. Before the first
 * event that logger has no connection yet, so the line goes to the standard output, which Nuclio collects as well.
 * @param {LogRecord} record
 * @param {any} outer the wrapper's context
 */
function wrapperLog(record, outer) {
  const fields = { ...record.with, task: record.task, trace: record.trace };
  const method = outer.logger?.[`${record.level}With`];
  try {
    method.call(outer.logger, record.message, fields);
  } catch {
    process.stdout.write(`${record.level} ${record.message} ${JSON.stringify(fields)}\n`);
  }
}

exports.TaskLogger = TaskLogger;
exports.write = write;
exports.logsHeader = logsHeader;
exports.wrapperLog = wrapperLog;
