'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Checking takes a process for each file. A Task with more files than this gets the message without a place. */
const MOST_FILES = 50;

/**
 * Node.js does not say where the syntax error of an ES module is, unless it ends the process. So it checks the Task's
 * files one by one, the handler's first.
 * @param {string} file the handler's module
 * @param {string} dir the Task's folder
 * @returns {string | null} the report, which begins with file and line
 */
function findSyntaxError(file, dir) {
  const others = fs
    .readdirSync(dir, { recursive: true })
    .map((name) => path.join(dir, String(name)))
    .filter((other) => /\.m?js$/.test(other) && other !== file && !other.includes('node_modules'));
  for (const candidate of [file, ...others].slice(0, MOST_FILES)) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', candidate], { encoding: 'utf8' });
    if (status !== 0 && stderr.includes('SyntaxError')) return stderr.trim();
  }
  return null;
}

module.exports = { findSyntaxError };
