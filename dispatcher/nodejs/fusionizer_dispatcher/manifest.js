'use strict';

const fs = require('node:fs');

/**
 * What the Dispatcher needs of it.
 * @typedef {Pick<import('../../../src/shared/wire.ts').Manifest, 'tasks' | 'cors' | 'maxBody'>} Manifest
 */

/**
 * @param {string} file
 * @returns {Manifest}
 * @throws {Error} when it cannot be read or lacks something; the message names the file
 */
function readManifest(file) {
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (manifest.version !== 1)
    throw new Error(`${file}: version ${manifest.version} of the manifest is not known to this Dispatcher`);
  if (!Array.isArray(manifest.tasks) || manifest.tasks.length === 0)
    throw new Error(`${file}: tasks must name at least one Task`);
  const tasks = manifest.tasks.map((/** @type {Record<string, any>} */ task) => {
    for (const key of ['name', 'dir', 'handler']) {
      if (typeof task[key] !== 'string') throw new Error(`${file}: a Task without ${key}`);
    }
    return {
      name: task.name,
      dir: task.dir,
      handler: task.handler,
      triggers: Object.assign(Object.create(null), task.triggers),
      source: task.source,
    };
  });
  return { tasks, cors: manifest.cors, maxBody: manifest.maxBody };
}

module.exports = { readManifest };
