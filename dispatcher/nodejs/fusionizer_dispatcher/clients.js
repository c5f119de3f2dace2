'use strict';

const { channel } = require('node:diagnostics_channel');
const http = require('node:http');
const { chainWithin } = require('./remote_call');
const { isSameHost } = require('./routes');

const HEADER = 'Fusionizer-Event';

/**
 * Requests of ordinary clients (`http`, `fetch` and what is built on them) to the server name the event in which they
 * are made. The server then knows the call chain: it gives a call that comes back into its own function a worker, and
 * ends a loop of calls. The handler does not see the headers in its request.
 * @param {URL} server
 * @param {import('./dispatcher').Dispatcher} dispatcher
 */
function markRequests(server, dispatcher) {
  const port = server.port || '80';
  const isServer = (/** @type {unknown} */ origin) => {
    if (!URL.canParse(String(origin))) return false;
    const url = new URL(String(origin));
    return url.protocol === 'http:' && (url.port || '80') === port && isSameHost(url.hostname, server.hostname);
  };
  const isMarked = (/** @type {unknown} */ name) => String(name).toLowerCase() === 'fusionizer-event';

  channel('undici:request:create').subscribe((message) => {
    const { request } = /** @type {any} */ (message);
    if (dispatcher.outerSpan === undefined || !isServer(request.origin)) return;
    const { headers } = request;
    const given = typeof headers === 'string' ? headers.split(/:.*?\r\n/) : headers;
    if (!given.some(isMarked)) for (const [name, value] of marksOf(dispatcher)) request.addHeader(name, value);
  });

  // Its channel reports a request when the headers are on their way already. Here they become text: the first line and
  // one behind it.
  const prototype = /** @type {any} */ (http.ClientRequest.prototype);
  const store = prototype._storeHeader;
  prototype._storeHeader = function _storeHeader(/** @type {string} */ firstLine, /** @type {any} */ headers) {
    const list = Array.isArray(headers) ? headers.flat() : [];
    const at = list.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'host');
    const host = Array.isArray(headers) ? list[at + 1] : headers?.host?.[1];
    const marked = Array.isArray(headers) ? list.some(isMarked) : headers?.['fusionizer-event'] !== undefined;
    const isOurs = dispatcher.outerSpan !== undefined && !marked && isServer(`http://${host}`);
    const lines = isOurs ? marksOf(dispatcher).map(([name, value]) => `${name}: ${value}\r\n`) : [];
    return store.call(this, firstLine + lines.join(''), headers);
  };
}

/**
 * The event that the function runs now, or ran last: the server does not mind one that has ended. And the Tasks between
 * it and the caller, which is known while its handler runs; later, it is taken for the newest call without an answer.
 * @param {import('./dispatcher').Dispatcher} dispatcher
 * @returns {[string, string][]}
 */
function marksOf({ running, pending, outerSpan }) {
  /** @type {[string, string][]} */
  const marks = [[HEADER, String(outerSpan)]];
  const newest = () =>
    [...pending].filter((call) => call.outerSpan === outerSpan).sort((one, other) => other.number - one.number)[0];
  const caller = running ?? newest();
  if (caller !== undefined && caller.depth > 0) marks.push(['Fusionizer-Chain', chainWithin(caller)]);
  return marks;
}

exports.markRequests = markRequests;
