'use strict';

const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { inspect } = require('node:util');
const { causesOf } = require('./error_text');
const { usersStack } = require('./tracebacks');

/**
 * A Task that cannot start, as the function's failure reports it.
 * @property {string} traceback
 * @property {string} [task]
 * @property {string} [file] relative to the Task's folder
 * @property {number} [line]
 * @property {string[]} [keys] the field of the Task's configuration that is at fault, where it is one
 */
class LoadError extends Error {
  /**
   * @param {{message: string, traceback?: string, task?: string, file?: string, line?: number, keys?: string[],
   *   cause?: unknown}} details
   */
  constructor({ message, traceback = message, task, file, line, keys, cause }) {
    super(message, { cause });
    this.name = 'LoadError';
    this.traceback = traceback;
    this.task = task;
    this.file = file;
    this.line = line;
    this.keys = keys;
  }

  /**
   * @param {unknown} error what a module or an initContext threw
   * @param {string | undefined} task
   * @param {string} dir the Task's folder, absolute; empty for an error of no Task's own start
   */
  static from(error, task, dir) {
    const whole = error instanceof Error ? String(error.stack ?? error) : inspect(error);
    const traceback = usersStack(whole) + (error instanceof Error ? causesOf(error) : '');
    // Only the first line: a missing module's message goes on with its whole require stack.
    const message = error instanceof Error ? String(error).split('\n', 1)[0] : traceback;
    const [, importer] = / imported from (.+)$/.exec(message) ?? [];
    const place = importer?.startsWith(dir + path.sep) ? { file: path.relative(dir, importer) } : {};
    // Messages about ES modules and package.json have whole paths, of the build.
    const shown = dir === '' ? message : message.replaceAll(dir + path.sep, './');
    return new LoadError({ message: shown, traceback, task, cause: error, ...place, ...locate(whole, dir) });
  }
}

/**
 * The first place in the Task's own files that a stack names; in its node_modules only if there is no other.
 * @param {string} traceback
 * @param {string} dir
 * @returns {{file?: string, line?: number}}
 */
function locate(traceback, dir) {
  /** @type {{file?: string, line?: number}} */
  let found = {};
  for (const text of traceback.split('\n')) {
    const match = /(file:\/\/\/[^\s()]+|(?:\/|[A-Za-z]:[\\/])[^()]*?):(\d+)(?::\d+)?\)?$/.exec(text);
    if (match === null) continue;
    const file = path.relative(dir, match[1].startsWith('file:') ? fileURLToPath(match[1]) : match[1]);
    if (file.startsWith('..') || path.isAbsolute(file)) continue;
    const place = { file, line: Number(match[2]) };
    if (!file.split(path.sep).includes('node_modules')) return place;
    if (found.file === undefined) found = place;
  }
  return found;
}

exports.LoadError = LoadError;
