'use strict';

const { channel } = require('node:diagnostics_channel');
const http = require('node:http');
const { isSameHost } = require('./routes');

const HEADER = 'Fusionizer-Event';

/**
 * Requests of ordinary clients (`http`, `fetch` and what is built on them) to the server name the event in which they
 * are made. The server then knows the call chain, and gives a call that comes back into its own function a worker. The
 * handler does not see the header in its request.
 * @param {URL} server
 * @param {() => string | undefined} event the span of the event that the function runs now, or ran last: the server
 *   does not mind one that has ended
 */
function markRequests(server, event) {
  const port = server.port || '80';
  const isServer = (/** @type {unknown} */ origin) => {
    if (!URL.canParse(String(origin))) return false;
    const url = new URL(String(origin));
    return url.protocol === 'http:' && (url.port || '80') === port && isSameHost(url.hostname, server.hostname);
  };
  const isMarked = (/** @type {unknown} */ name) => String(name).toLowerCase() === 'fusionizer-event';

  channel('undici:request:create').subscribe((message) => {
    const { request } = /** @type {any} */ (message);
    const span = event();
    if (span === undefined || !isServer(request.origin)) return;
    const { headers } = request;
    const given = typeof headers === 'string' ? headers.split(/:.*?\r\n/) : headers;
    if (!given.some(isMarked)) request.addHeader(HEADER, span);
  });

  // Its channel reports a request when the headers are on their way already. Here they become text: the first line and
  // one behind it.
  const prototype = /** @type {any} */ (http.ClientRequest.prototype);
  const store = prototype._storeHeader;
  prototype._storeHeader = function _storeHeader(/** @type {string} */ firstLine, /** @type {any} */ headers) {
    const span = event();
    const list = Array.isArray(headers) ? headers.flat() : [];
    const at = list.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'host');
    const host = Array.isArray(headers) ? list[at + 1] : headers?.host?.[1];
    const marked = Array.isArray(headers) ? list.some(isMarked) : headers?.['fusionizer-event'] !== undefined;
    const line = span === undefined || marked || !isServer(`http://${host}`) ? '' : `${HEADER}: ${span}\r\n`;
    return store.call(this, firstLine + line, headers);
  };
}

exports.markRequests = markRequests;
