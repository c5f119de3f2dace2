'use strict';

const { inspect, types } = require('node:util');
const { usersStack } = require('./tracebacks');

/** How deep causes and members of an AggregateError are shown. */
const DEPTH = 5;
/** How many members of an AggregateError are shown. */
const MEMBERS = 10;
/** How many characters all causes and members of an error may take, about. */
const LENGTH = 16 * 1024;

/**
 * @param {unknown} error what a handler threw or rejected with
 * @returns {string} the body of the 500, as Nuclio words it, with the error's causes
 */
function errorText(error) {
  try {
    if (isError(error)) return usersStack(`Error in handler: ${error}\n${error.stack ?? ''}`) + causesOf(error);
  } catch {
    // An error whose message or stack is code of its own, which fails.
  }
  return `Error in handler: ${shown(error)}`;
}

/**
 * @param {unknown} value
 * @returns {value is Error} also of another realm, such as one of node:vm
 */
function isError(value) {
  return value instanceof Error || types.isNativeError(value);
}

/**
 * Text for anything that can be thrown. Its own code may fail, when it is asked for its text.
 * @param {unknown} error
 */
function shown(error) {
  try {
    return typeof error === 'object' && !isError(error) ? usersStack(inspect(error)) : String(error);
  } catch {
    return `a value of type ${typeof error} that cannot be shown`;
  }
}

/**
 * What is written below an error's stack: its causes and members, as `inspect` writes them, but without what else the
 * errors hold. Their size is bounded.
 * @param {Error} error
 * @returns {string} ' {' and lines, or nothing
 */
function causesOf(error) {
  try {
    return new Causes().below(error, 0);
  } catch {
    // The stack is enough.
    return '';
  }
}

/** The causes of one error. Code of theirs, such as a getter of `cause`, may fail. */
class Causes {
  /** The errors that are being written: a cause may lead back to one of them. */
  #open = new Set();
  #left = LENGTH;

  /**
   * @param {Error} error
   * @param {number} depth
   * @returns {string}
   */
  below(error, depth) {
    const cause = read(error, 'cause');
    const errors = isAggregate(error) ? read(error, 'errors') : undefined;
    /** @type {string[]} */
    const lines = [];
    this.#open.add(error);
    // A method called cause, as some libraries have it, is no cause.
    if (cause !== undefined && cause !== null && typeof cause !== 'function')
      lines.push(`[cause]: ${this.#text(cause, depth + 1)}`);
    if (Array.isArray(errors) && errors.length > 0) lines.push(this.#members(errors, depth + 1));
    this.#open.delete(error);
    return lines.length === 0 ? '' : ` {\n${indented(lines.join(',\n'))}\n}`;
  }

  /**
   * @param {unknown[]} errors
   * @param {number} depth
   */
  #members(errors, depth) {
    const members = errors.slice(0, MEMBERS).map((error) => this.#text(error, depth));
    const more = errors.length - members.length;
    if (more > 0) members.push(`... ${more} more`);
    return `[errors]: [\n${indented(members.join(',\n'))}\n]`;
  }

  /**
   * @param {unknown} value a cause or a member
   * @param {number} depth
   */
  #text(value, depth) {
    if (this.#open.has(value)) return '[Circular]';
    if (depth > DEPTH || this.#left <= 0) return '...';
    try {
      const whole = isError(value) ? stackOf(value) : inspect(value, { maxStringLength: this.#left });
      const text = whole.length > this.#left ? `${whole.slice(0, this.#left)}...` : whole;
      this.#left -= text.length + 1;
      return usersStack(text) + (isError(value) ? this.below(value, depth) : '');
    } catch {
      return `a value of type ${typeof value} that cannot be shown`;
    }
  }
}

/**
 * @param {Error} error
 * @returns {string}
 */
function stackOf(error) {
  const { stack } = error;
  return typeof stack === 'string' && stack !== '' ? stack : String(error);
}

/** @param {Error} error */
function isAggregate(error) {
  return error instanceof AggregateError || read(error, 'name') === 'AggregateError';
}

/**
 * @param {Error} error
 * @param {string} key
 * @returns {unknown}
 */
function read(error, key) {
  try {
    return /** @type {any} */ (error)[key];
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function indented(text) {
  return text.replace(/^/gm, '  ');
}

module.exports = { errorText, causesOf, shown };
