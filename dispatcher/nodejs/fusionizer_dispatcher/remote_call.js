'use strict';

const { performance } = require('node:perf_hooks');
const { isOwnRequestHeader } = require('./nuclio_http');
const { failed, sentHeaders } = require('./request');
const { newSpan } = require('./trace_context');

/**
 * @param {import('./call').Call} caller
 * @param {string} callee
 * @param {import('./routes').Route} route
 * @param {import('./request').SessionRequest} request
 * @param {number} [redirects]
 * @returns {Promise<import('./response').Reply>}
 */
async function callRemote(caller, callee, route, request, redirects = 0) {
  const { dispatcher } = caller;
  if (dispatcher.remote === null) throw failed(`FUSIONIZER_URL is not set, so Task '${callee}' cannot be reached`);
  const begun = performance.now();
  const span = newSpan();
  let status = 0;
  try {
    const { method, body, signal } = request;
    const headers = remoteHeaders(caller, request, span);
    const reply = await dispatcher.remote.send(
      { method, target: route.target, headers, body, signal },
      { redirected: redirects > 0 },
    );
    status = reply.status;
    return reply;
  } finally {
    dispatcher.traces.add(caller, callee, span, false, begun, status);
  }
}

/**
 * @param {import('./call').Call} caller
 * @param {import('./request').SessionRequest} request
 * @param {string} span of the event that the call makes
 */
function remoteHeaders(caller, request, span) {
  const headers = sentHeaders(withoutOwn(request), caller.dispatcher.host, `00-${caller.trace}-${span}-01`);
  headers['Fusionizer-Event'] = caller.outerSpan;
  headers['Fusionizer-Caller'] = caller.task.name;
  if (caller.depth > 0) headers['Fusionizer-Chain'] = chainWithin(caller);
  return headers;
}

/**
 * @param {import('./call').Call} caller
 * @returns {string} the Tasks that were called within this function, from the event's Task to the caller
 */
function chainWithin(caller) {
  const names = [];
  for (let call = caller; call.above !== null; call = call.above) names.unshift(call.task.name);
  return names.join();
}

/**
 * @param {import('./request').SessionRequest} request
 * @returns {import('./request').SessionRequest} without headers that only the server and the Dispatcher set
 */
function withoutOwn(request) {
  if (request.headers === null) return request;
  return {
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !isOwnRequestHeader(name))),
  };
}

module.exports = { callRemote, chainWithin, remoteHeaders };
