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
 * A text with stacks that end at the handler, without our own frames, and with the user's own files as places in code.
 * @param {string} text one stack, or several, as an error with a cause is shown
 */
function usersStack(text) {
  /** @type {string[]} */
  const kept = [];
  let isBelow = false;
  for (const line of text.split('\n')) {
    isBelow = isFrame(line) && (isBelow || line.includes(RUNS_HANDLER));
    if (OWN_MODULES.some((start) => line.startsWith(start)) || line.endsWith(`${path.sep}fusionizer_entry.js`))
      continue;
    if (!isBelow && !(isFrame(line) && OWN_FOLDERS.some((folder) => line.includes(folder)))) kept.push(line);
    else if (line.endsWith(' {') && kept.length > 0) kept[kept.length - 1] += ' {';
  }
  return withSources(kept.join('\n'));
}

/** @param {string} line */
function isFrame(line) {
  return /^\s+at /.test(line);
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

module.exports = { nameSource, usersStack };
