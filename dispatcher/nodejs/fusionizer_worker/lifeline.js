'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Worker } = require('node:worker_threads');

/**
 * Ends this process and what it started as soon as the server's end of a pipe closes, whatever the handler does then:
 * the watcher is a thread with an event loop of its own. It does not block in a read, as a thread in a system call
 * would keep process.exit waiting.
 * @param {number} fd
 * @throws {Error} when it is not open
 */
function watchLifeline(fd) {
  fs.fstatSync(fd);
  const thread = new Worker(path.join(__dirname, 'lifeline_thread.js'), {
    workerData: { fd },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
}

module.exports = { watchLifeline };
