'use strict';

const { Session } = require('./session');

/**
 * The function that runs a Task's handler, in a file of its own: stacks are cut at its frame. A third parameter is the
 * session. Only declared ones count (`handler.length`): a rest parameter, or one with a default value, does not.
 * @param {Function} handler
 */
function runHandler(handler) {
  if (handler.length >= 3) {
    return (/** @type {object} */ context, /** @type {object} */ event, /** @type {import('./call').Call} */ call) =>
      handler(context, event, new Session(call));
  }
  return (/** @type {object} */ context, /** @type {object} */ event) => handler(context, event);
}

/**
 * @param {(context: object) => unknown} initContext
 * @param {object} context
 */
function runInitContext(initContext, context) {
  return initContext(context);
}

module.exports = { runHandler, runInitContext };
