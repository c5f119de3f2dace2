'use strict';

const path = require('node:path');
const { LoadError } = require('../fusionizer_dispatcher/load_error');
const { NuclioResponse } = require('../fusionizer_dispatcher/nuclio_response');
const { FrameReader } = require('./frames');
const { EventLoop } = require('./event_loop');
const { Output } = require('./outgoing');
const { watchLifeline } = require('./lifeline');

const EVENTS_FD = 3;
const OUTPUT_FD = 4;
const LIFELINE_FD = 5;

/**
 * Runs one function package as Nuclio's Node.js wrapper would: loads it, reports that, and serves events one at a time.
 * @param {string} build the function package's folder, absolute
 */
async function main(build) {
  const output = new Output(OUTPUT_FD);
  watchLifeline(LIFELINE_FD);
  // Ctrl+C in a terminal reaches the whole foreground group; the server decides when its workers end.
  process.on('SIGINT', () => {});

  const neverStarted = () => {
    output.failed(new LoadError({ message: 'Error: nothing is left to do, but an initContext has not ended' }));
    process.exit(1);
  };
  process.on('beforeExit', neverStarted);
  const onError = (/** @type {unknown} */ error) => {
    output.failed(LoadError.from(error, undefined, build));
    process.exit(1);
  };
  process.on('uncaughtException', onError);

  /** @type {ReturnType<typeof import('../fusionizer_dispatcher/entry').entry>} */
  let entry;
  try {
    entry = require(path.join(build, 'fusionizer_entry.js'));
    entry.dispatcher.useSinks({ log: (record) => output.log(record), traces: (json) => output.traces(json) });
    await entry.initContext({ Response: NuclioResponse });
  } catch (error) {
    output.failed(error instanceof LoadError ? error : LoadError.from(error, undefined, build));
    process.exit(1);
  }
  process.off('beforeExit', neverStarted);
  process.off('uncaughtException', onError);

  const loop = new EventLoop(entry, output);
  loop.serve(new FrameReader(EVENTS_FD, loop));
  output.started();
}

module.exports = { main };
