'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout } = require('node:timers/promises');
const { pathToFileURL } = require('node:url');
const { LoadError } = require('./load_error');
const { findSyntaxError } = require('./syntax_error');

const EXTENSIONS = ['', '.js', '.cjs', '.mjs'];

/** How long to wait for a handler that its module exports later, in milliseconds, and how often to look. */
const EXPORT_TIMEOUT = 10_000;
const EXPORT_INTERVAL = 20;

/** The field of function.yaml that an error is about. */
const HANDLER = ['spec', 'handler'];
/** How many functions of a module an error names. */
const MAX_SHOWN = 10;

/** What require() says of a module that only import() can load. */
const NEEDS_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

/**
 * @typedef {object} LoadedTask
 * @property {(context: object, event: object, session?: object) => unknown} handler
 * @property {((context: object) => unknown) | null} initContext
 */

/**
 * Loads a Task's handler from its own folder.
 * @param {{name: string, handler: string}} task handler: `name` (file handler.js), `file:name` or `file.js:name`, in
 *   folders too
 * @param {string} dir the Task's folder, absolute
 * @returns {Promise<LoadedTask>}
 * @throws {LoadError} when there is no such file or export, or the module does not load
 */
async function loadTask(task, dir) {
  const colon = task.handler.lastIndexOf(':');
  const module = colon < 0 ? 'handler' : task.handler.slice(0, colon);
  const name = colon < 0 ? task.handler : task.handler.slice(colon + 1);
  const file = findFile(dir, module);
  if (file === null) {
    const wanted = /\.[cm]?js$/.test(module) ? module : `${module}.js`;
    const message = `spec.handler is ${task.handler}, but there is no file ${wanted} in the Task's folder`;
    throw new LoadError({ message, task: task.name, keys: HANDLER });
  }
  const busy = process.getActiveResourcesInfo().length;
  let exported;
  try {
    exported = await loadModule(file);
  } catch (error) {
    if (error instanceof SyntaxError && !error.stack?.includes(dir))
      error.stack = findSyntaxError(file, dir) ?? error.stack;
    throw LoadError.from(error, task.name, dir);
  }
  const handler = await exportedFunction(exported, name, busy);
  if (handler === undefined) {
    const shown = path.relative(dir, file).replaceAll(path.sep, '/');
    const message =
      `spec.handler is ${task.handler}, but ${shown} has no function '${name}' ` + `(it has: ${functionsOf(exported)})`;
    throw new LoadError({ message, task: task.name, keys: HANDLER });
  }
  const initContext = exported.initContext ?? exported.default?.initContext;
  return { handler, initContext: typeof initContext === 'function' ? initContext : null };
}

/**
 * A function that a module exports, now or later: Nuclio waits for it, too. When nothing is left to run that could
 * export it, there is no need to wait.
 * @param {Record<string, any>} exported
 * @param {string} name
 * @param {number} busy how many timers, files and the like kept the process busy before the module was loaded
 * @returns {Promise<LoadedTask['handler'] | undefined>} undefined when it is not there in time
 */
async function exportedFunction(exported, name, busy) {
  const deadline = performance.now() + EXPORT_TIMEOUT;
  for (let isLast = false; ; ) {
    const found = exported[name] ?? exported.default?.[name];
    if (typeof found === 'function') return found;
    if (isLast || performance.now() > deadline) return undefined;
    isLast = process.getActiveResourcesInfo().length <= busy;
    await setTimeout(EXPORT_INTERVAL);
  }
}

/**
 * @param {string} dir
 * @param {string} module
 * @returns {string | null}
 */
function findFile(dir, module) {
  for (const candidate of [module, path.join(module, 'index')]) {
    for (const extension of EXTENSIONS) {
      const file = path.join(dir, candidate + extension);
      if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
    }
  }
  return null;
}

/** @param {string} file */
async function loadModule(file) {
  if (!file.endsWith('.mjs')) {
    try {
      return require(file);
    } catch (error) {
      if (!NEEDS_IMPORT.has(/** @type {any} */ (error)?.code)) throw error;
    }
  }
  return import(pathToFileURL(file).href);
}

/**
 * The functions that a module exports, for an error.
 * @param {Record<string, any>} exported
 */
function functionsOf(exported) {
  const both = { ...exported.default, ...exported };
  const names = Object.keys(both).filter((name) => typeof both[name] === 'function' && name !== 'default');
  return names.length === 0 ? 'no exported function' : names.slice(0, MAX_SHOWN).join(', ');
}

module.exports = { loadTask };
