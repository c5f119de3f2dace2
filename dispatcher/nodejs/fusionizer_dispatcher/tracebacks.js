'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/** Frames in these folders are not the user's. */
const OWN_FOLDERS = [__dirname, path.join(__dirname, '..', 'fusionizer_worker')].map((folder) => folder + path.sep);

/** Of the modules that have required a missing one, the last ones are ours. */
const OWN_MODULES = [...OWN_FOLDERS, path.join(__dirname, '..', 'worker.js')].map((start) => `- ${start}`);

/** The frame that runs a handler. Those below it are its caller's. */
const RUNS_HANDLER = path.join(__dirname, 'run_handler.js');

/**
 * Folders as stacks name them, and those that the Tasks were deployed from.
 * @type {[built: string, source: string][]}
 */
const sources = [];

/**
 * @param {string} dir a Task's folder
 * @param {string} source the folder that it was deployed from
 */
function nameSource(dir, source) {
  for (const built of new Set([dir, fs.realpathSync(dir)])) {
    sources.push([pathToFileURL(built).href, pathToFileURL(source).href], [built, source]);
  }
}

/**
 * Node.js's own frames between and below the user's: its timers, module loaders and queues. Python's tracebacks leave
 * out the import system, too.
 */
const NOISE = /[( ]node:(?:internal\/(?:timers|process\/|async_hooks|modules\/|deps\/)|async_hooks:)/;

/** What `inspect` writes in place of frames that the error's cause has as well: they are below the handler. */
const SAME = /^\s+\.\.\. \d+ lines matching cause stack trace \.\.\./;

/** Frames of Node.js and of V8. Above the user's frames they say what failed: `Object.readFileSync (node:fs)`. */
const BUILT_IN = /[( ]node:|(?:\(| at (?:async )?)<anonymous>\)?$/;

/**
 * The end of the last line of a stack that more follows: what the error holds besides, such as its cause, in braces, or
 * the next error of a list.
 */
const END = / \{$|,$/;

/**
 * A text with stacks that end at the user's code, without our own frames and Node.js's below it, and with the user's
 * own files as places in code.
 * @param {string} text one stack, or several, as an error with a cause is shown
 */
function usersStack(text) {
  /** @type {string[]} */
  const kept = [];
  /** @type {string[]} */
  let stack = [];
  for (const line of text.split('\n')) {
    if (isFrame(line)) {
      stack.push(line);
      continue;
    }
    addFrames(kept, stack);
    stack = [];
    if (!OWN_MODULES.some((start) => line.startsWith(start)) && !line.endsWith(`${path.sep}fusionizer_entry.js`))
      kept.push(line);
  }
  addFrames(kept, stack);
  return withSources(kept.join('\n'));
}

/**
 * @param {string[]} kept
 * @param {string[]} stack the frames of one error
 */
function addFrames(kept, stack) {
  const handler = stack.findIndex((line) => line.includes(RUNS_HANDLER));
  const frames = (handler < 0 ? stack : stack.slice(0, handler)).filter(
    (line) => !SAME.test(line) && !NOISE.test(line) && !OWN_FOLDERS.some((folder) => line.includes(folder)),
  );
  while (frames.length > 0 && BUILT_IN.test(frames[frames.length - 1].replace(END, ''))) frames.pop();
  kept.push(...frames);
  const last = stack[stack.length - 1];
  const [end] = END.exec(last ?? '') ?? [];
  if (end !== undefined && last !== frames[frames.length - 1] && kept.length > 0) kept[kept.length - 1] += end;
}

/** @param {string} line */
function isFrame(line) {
  return /^\s+at /.test(line) || SAME.test(line);
}

/**
 * A logged text, which may hold stacks.
 * @param {string} text
 */
function usersText(text) {
  return /\n\s+at /.test(text) ? usersStack(text) : text;
}

/**
 * As the server does it in the answers and logs that it sees.
 * @param {string} text
 */
function withSources(text) {
  let named = text;
  for (const [built, source] of sources) {
    for (let at = named.indexOf(built); at >= 0; at = named.indexOf(built, at + 1)) {
      const rest = named.slice(at + built.length);
      if (/^[\\/][^"\n:]*(?:", line \d|:\d)/.test(rest)) named = named.slice(0, at) + source + rest;
    }
  }
  return named;
}

module.exports = { nameSource, usersStack, usersText };
