'use strict';

const path = require('node:path');
const { markRequests } = require('./clients');
const { Dispatcher } = require('./dispatcher');
const { readManifest } = require('./manifest');

/**
 * What a function package's entry module exports: the two functions that Nuclio's wrapper looks for, and the Dispatcher
 * itself for the embedded platform's worker, which installs its own sinks.
 * @param {string} dir the build folder, which has fusionizer.json and tasks/
 * @returns {{handler: (context: object, event: object) => void, initContext: (context: object) => Promise<void>,
 *   dispatcher: Dispatcher}}
 * @throws {Error} when the manifest cannot be used
 */
function entry(dir) {
  const manifest = readManifest(path.join(dir, 'fusionizer.json'));
  const dispatcher = new Dispatcher({
    dir,
    manifest,
    serverUrl: process.env.FUSIONIZER_URL,
    token: process.env.FUSIONIZER_TOKEN,
    maxDepth: Number(process.env.FUSIONIZER_MAX_DEPTH) || undefined,
  });
  if (process.env.FUSIONIZER_URL) markRequests(new URL(process.env.FUSIONIZER_URL), dispatcher);
  return {
    handler: (context, event) => dispatcher.handle(context, event),
    initContext: (context) => dispatcher.start(context),
    dispatcher,
  };
}

module.exports = { entry };
